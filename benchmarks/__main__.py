"""`python -m benchmarks [--quick] [--only NAME] [--json FILE]` prints the table; exit code 1: a target is missed."""

import argparse
import asyncio
import os
import platform
import sys
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from benchmarks.events import measure_events
from benchmarks.idle import measure_idle
from benchmarks.installation import Installation, installation
from benchmarks.journeys import measure_journeys
from benchmarks.large_mails import measure_large_mails
from benchmarks.mails import measure_mails
from benchmarks.measure import Measure, as_json, table
from benchmarks.people import measure_known_and_unknown
from benchmarks.posting import measure_posts

Part = Callable[[], Awaitable[list[Measure]]]


@dataclass(frozen=True)
class Size:
    """How much is done of each."""

    rounds: int
    posts: int
    singles: int
    pairs: int
    cases: int
    events: int
    mails: int
    large_mails: int


FULL = Size(rounds=5, posts=1500, singles=1000, pairs=2000, cases=30, events=1000, mails=2000, large_mails=100)
QUICK = Size(rounds=2, posts=400, singles=200, pairs=200, cases=5, events=200, mails=400, large_mails=5)
ALONE = ("mails", "large-mails")
NAMES = ("journeys", "events", "idle", "people", "posts", *ALONE)


async def run(size: Size, only: Collection[str]) -> list[Measure]:
    """Measure one thing after the other, and print each as it is known."""
    measures: list[Measure] = []
    if set(only) - set(ALONE):
        async with installation(_say) as installed:
            measures += await _run(_parts(installed, size), only)
    return measures + await _run(_parts_alone(size), only)


async def _run(parts: Mapping[str, tuple[str, Part]], only: Collection[str]) -> list[Measure]:
    measures: list[Measure] = []
    for name in (name for name in parts if name in only):
        words, part = parts[name]
        _say(words)
        measures += (done := await part())
        print(table(done), flush=True)
    return measures


def _parts(installed: Installation, size: Size) -> dict[str, tuple[str, Part]]:
    pairs = partial(measure_known_and_unknown, installed, pairs=size.pairs)
    posts = partial(measure_posts, installed, rounds=size.rounds, posts=size.posts, singles=size.singles)
    return {
        "journeys": ("one case after the other", partial(measure_journeys, installed, cases=size.cases)),
        "events": ("draining a full outbox", partial(measure_events, installed, events=size.events)),
        "idle": ("each service alone", partial(measure_idle, installed)),
        "people": ("forms of known and unknown people", pairs),
        "posts": ("posting forms", posts),
    }


def _parts_alone(size: Size) -> dict[str, tuple[str, Part]]:
    """What needs no installation."""
    return {
        "mails": ("reading mails", partial(measure_mails, rounds=size.rounds, mails=size.mails)),
        "large-mails": ("taking mails of 25 MB", partial(measure_large_mails, mails=size.large_mails)),
    }


def machine() -> dict[str, Any]:
    return {
        "processors": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything, for CI: numbers are rough")
    parser.add_argument(
        "--only", action="append", choices=NAMES, metavar="NAME", help=f"of {', '.join(NAMES)}; again for more"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    arguments = parser.parse_args()
    facts = machine()
    _say(", ".join(f"{name} {value}" for name, value in facts.items()))
    measures = asyncio.run(run(QUICK if arguments.quick else FULL, arguments.only or NAMES))
    if arguments.json:
        arguments.json.write_text(as_json(measures, facts) + "\n", encoding="utf-8")
    missed = [measure for measure in measures if not measure.is_met]
    for measure in missed:
        print(f"missed: {measure.name}: {measure.value:.4g} {measure.unit}, not {measure.is_met_by} {measure.target:g}")
    return 1 if missed else 0


def _say(text: str) -> None:
    print(f"-- {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
