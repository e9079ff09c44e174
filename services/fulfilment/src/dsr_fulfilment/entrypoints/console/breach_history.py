"""The history of a breach in words; a run of letters is one line, with the marks at its ends."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from dsr_fulfilment.domain.evidence import BrokenAt, Entry, Unbroken
from dsr_fulfilment.entrypoints.console import words
from dsr_fulfilment.entrypoints.console.badges import Badge
from dsr_fulfilment.entrypoints.console.dates import plural
from dsr_fulfilment.entrypoints.console.history_view import SHOWN_MARK, sentence

Facts = Mapping[str, Any]
RISK_WORDS: Final = {"none": "hardly any risk", "risk": "some harm possible", "high": "serious harm possible"}
EXEMPTIONS: Final = {
    "data_unintelligible": "nobody can read the data",
    "risk_removed": "the serious harm can’t come any more",
    "disproportionate_effort": "everybody is told in public instead",
}
REMINDERS: Final = {
    "hours_24": "24 hours or less are left to tell the authority.",
    "hours_6": "6 hours or less are left to tell the authority.",
    "overdue": "The time to tell the authority is over.",
}
_RUNS: Final = {"letter_requested": "{} written", "letter_accepted": "{} taken by the mail server"}


@dataclass(frozen=True)
class BreachLine:
    """One entry, or a run of letters."""

    position: str
    at: datetime
    text: str
    mark: str
    previous: str


@dataclass(frozen=True)
class BreachHistory:
    """Verdict first, then the lines, the latest on top."""

    verdict: Badge
    entries: int
    lines: tuple[BreachLine, ...]


def breach_history(chain: Sequence[Entry], verdict: Unbroken | BrokenAt, labels: Mapping[str, str]) -> BreachHistory:
    badge = (
        Badge("Unbroken", "done", "check")
        if isinstance(verdict, Unbroken)
        else Badge(f"Broken at entry {verdict.position}", "late", "warning")
    )
    lines = [line for _, run in groupby(chain, _run) for line in _lines(list(run), labels)]
    return BreachHistory(badge, len(chain), tuple(reversed(lines)))


def _run(entry: Entry) -> str:
    return entry.kind if entry.kind in _RUNS else str(entry.position)


def _lines(run: Sequence[Entry], labels: Mapping[str, str]) -> Sequence[BreachLine]:
    first, last = run[0], run[-1]
    text = _RUNS[first.kind].format(plural(len(run), "letter")) if first.kind in _RUNS else _say(first, labels)
    position = str(first.position) if first is last else f"{first.position}–{last.position}"
    previous = first.previous_mark[:SHOWN_MARK] or "start"
    return [BreachLine(position, last.occurred_at, text, last.mark[:SHOWN_MARK], previous)]


def _say(entry: Entry, labels: Mapping[str, str]) -> str:
    say = _SENTENCES.get(entry.kind)
    return say(entry.facts, labels) if say else sentence(entry.kind, entry.facts, labels)


def _items(items: Sequence[str]) -> str:
    return ", ".join(item.replace("_", " ") for item in items)


def _registered(facts: Facts, _: Facts) -> str:
    reported = f", reported in {facts['reported_in']}" if facts.get("reported_in") else ""
    return f"{facts['by']} was sure{reported}: the hours began"


def _found(facts: Facts, _: Facts) -> str:
    without = facts["without_address"]
    found = f"{plural(facts['persons'], 'person', 'people')} found"
    return found + (f", {without} without an address" if without else "")


def _written(facts: Facts, _: Facts) -> str:
    left = facts.get("missing") or ()
    return f"{facts['by']} wrote about it" + (f"; still missing: {_items(left)}" if left else "; every part is there")


def _told(facts: Facts, _: Facts) -> str:
    follows = f"; to follow: {_items(facts['to_follow'])}" if facts.get("to_follow") else ""
    return f"{facts['by']} noted that the authority was told{follows}"


def _task(facts: Facts, labels: Facts) -> str:
    place = labels.get(str(facts["about"]))
    what = {"search_paper": f"{place} searched", "no_address": "People without an address reached another way"}
    return f"{what.get(facts['kind'], 'Task done')}, says {facts['by']}"


_SENTENCES: Final[Mapping[str, Callable[[Facts, Facts], str]]] = {
    "breach_registered": _registered,
    "concerned_found": _found,
    "breach_written": _written,
    "risk_judged": lambda facts, _: f"{facts['by']} decided: {RISK_WORDS[facts['risk']]}",
    "authority_notified": _told,
    "notice_supplemented": lambda facts, _: f"{facts['by']} noted that the authority got more",
    "letters_approved": lambda facts, _: f"{facts['by']} approved {plural(facts['letters'], 'letter')}",
    "exempted": lambda facts, _: f"{facts['by']} decided not to write to the people: {EXEMPTIONS[facts['kind']]}",
    "exemption_withdrawn": lambda facts, _: f"{facts['by']} decided that the people are told after all",
    "breach_reminder": lambda facts, _: REMINDERS[facts["kind"]],
    "breach_task_done": _task,
    "looked": lambda facts, _: f"{facts['by']} looked at the names of people without an address",
    "letter_resent": lambda facts, _: (
        f"{facts['by']} sent a letter once more{', to another address' if facts['to_another_address'] else ''}"
    ),
    "letter_failed": lambda facts, _: (
        f"A letter did not arrive: {words.failure_text(facts['reason'], facts.get('cause'))}"
    ),
}
