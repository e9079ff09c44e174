"""The frame of an init step: one line when it is done, one clear message and exit code 1 when it is not."""

import sys
import time
from collections.abc import Callable
from typing import Final

import asyncpg

from kuukausi.errors import DidNotStart, KuukausiError

_DEADLINE_SECONDS: Final = 60
_PAUSE_SECONDS: Final = 1


def run_step(name: str, act: Callable[[], None]) -> None:
    """Run the step, again for up to a minute while its server is not there yet, and end the process."""
    until = time.monotonic() + _DEADLINE_SECONDS
    while (problem := _try(act)) is not None and _may_pass(problem) and time.monotonic() < until:
        time.sleep(_PAUSE_SECONDS)
    if problem is None:
        print(f"{name}: done")
        sys.exit(0)
    print(f"{name}: {_words(problem)}", file=sys.stderr)
    sys.exit(1)


def _try(act: Callable[[], None]) -> Exception | None:
    try:
        act()
    except (KuukausiError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return error
    return None


def _may_pass(problem: Exception) -> bool:
    return isinstance(problem, DidNotStart | OSError | asyncpg.CannotConnectNowError)


def _words(problem: Exception) -> str:
    """A server's own text may quote what it was sent, so of a foreign error only its kind is told."""
    if isinstance(problem, KuukausiError):
        return str(problem)
    what = problem.strerror if isinstance(problem, OSError) else None
    return f"{type(problem).__name__}{f' ({what})' if what else ''}; see `docker compose logs` of the server"
