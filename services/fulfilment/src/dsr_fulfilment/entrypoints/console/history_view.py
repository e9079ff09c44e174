"""The history of a case in words: one sentence for each entry of the chain, with the marks that bind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dsr_fulfilment.domain.evidence import BrokenAt, Entry, Unbroken
from dsr_fulfilment.entrypoints.console import words
from dsr_fulfilment.entrypoints.console.badges import Badge
from dsr_fulfilment.entrypoints.console.dates import plural

Facts = Mapping[str, Any]
SHOWN_MARK: Final = 8


@dataclass(frozen=True)
class HistoryLine:
    """One entry."""

    position: int
    at: datetime
    text: str
    mark: str
    previous: str


@dataclass(frozen=True)
class HistoryView:
    """Verdict first, then the entries, the latest on top."""

    verdict: Badge
    checked_at: datetime
    lines: tuple[HistoryLine, ...]


def history_view(chain: Sequence[Entry], verdict: Unbroken | BrokenAt, now: datetime, labels: Facts) -> HistoryView:
    """`labels` name the systems of the register."""
    badge = (
        Badge("Unbroken", "done", "check")
        if isinstance(verdict, Unbroken)
        else Badge(f"Broken at entry {verdict.position}", "late", "warning")
    )
    return HistoryView(badge, now, tuple(_line(entry, labels) for entry in reversed(chain)))


def _line(entry: Entry, labels: Facts) -> HistoryLine:
    previous = entry.previous_mark[:SHOWN_MARK] or "start"
    text = sentence(entry.kind, entry.facts, labels)
    return HistoryLine(entry.position, entry.occurred_at, text, entry.mark[:SHOWN_MARK], previous)


def sentence(kind: str, facts: Facts, labels: Facts) -> str:
    """Say what an entry proves; a kind that has no words yet is shown by its name."""
    say = _SENTENCES.get(kind)
    return say(facts, labels) if say else kind.replace("_", " ").capitalize()


def _names(systems: Sequence[str], labels: Facts) -> str:
    return ", ".join(str(labels.get(system, system)) for system in systems)


def _letter(facts: Facts) -> str:
    kind = str(facts.get("kind"))
    return f"“{dict(words.LETTERS).get(kind, kind)}”"  # type: ignore[call-overload]


def _rights(rights: Sequence[str]) -> str:
    names = [words.RIGHT_NAMES[right][0].lower() for right in words.RIGHT_ORDER if right in rights]
    return ", ".join(names) or "no right"


def _searched(facts: Facts, _: Facts) -> str:
    items: Mapping[str, int] = facts["items"]
    found = [count for count in items.values() if count]
    return f"{plural(len(items), 'place')} searched, {plural(sum(found), 'item')} found in {len(found)}"


def _matched(facts: Facts, labels: Facts) -> str:
    known = facts["known_in"]
    asked = plural(len(facts["asked"]), "place")
    return f"{asked} asked whether they know the person: " + (_names(known, labels) or "none does")


def _level(facts: Facts) -> str:
    return f", level {facts['acr']}" if facts["acr"] else ""


def _sign_in_matched(facts: Facts, labels: Facts) -> str:
    if facts["outcome"] == "not_needed":
        return "The sign-in was not needed any more"
    return _matched(facts, labels).replace("the person", "who signed in")


def _task_done(facts: Facts, labels: Facts) -> str:
    outcome = dict(words.OUTCOMES).get(facts["outcome"], str(facts["outcome"]))
    place = labels.get(str(facts.get("system")), "Task")
    return f"{place}: {outcome.lower()}, says {facts['by']}"


def _erased(facts: Facts, labels: Facts) -> str:
    outcomes = facts["outcomes"].items()
    counts = ", ".join(f"{count} {dict(words.OUTCOMES).get(outcome, outcome).lower()}" for outcome, count in outcomes)
    return f"{labels.get(facts['system'], facts['system'])} searched again: {counts or 'nothing left'}"


def _because(facts: Facts) -> str:
    return f": {facts['reason']}" if facts.get("reason") else ""


def _opted_out(facts: Facts, labels: Facts) -> str:
    place = labels.get(facts["system"], facts["system"])
    said = {"found": f"written in {plural(facts['rows'], 'row')}", "nothing_found": "nothing there to write"}
    return f"{place}, opt-out: {said.get(facts['outcome'], 'could not be written')}"


def _state(facts: Facts, _: Facts) -> str:
    return "Moved on: " + str(dict(words.STATES).get(facts["to"], facts["to"]))


_SENTENCES: Final[Mapping[str, Callable[[Facts, Facts], str]]] = {
    "received": lambda facts, _: f"Message received and stored; {_rights(facts.get('rights', ()))} asked",
    "message": lambda facts, _: f"Another message came: {str(facts['kind']).replace('_', ' ')}",
    "state": _state,
    "matched": _matched,
    "challenge_sent": lambda facts, _: (
        "Link sent to the address " + ("on file" if facts["proves"] == "on_file" else "of the request")
    ),
    "challenge_answered": lambda _, __: "Link opened",
    "identity_proved": lambda facts, _: f"Somebody signed in at {facts['issuer']}" + _level(facts),
    "sign_in_matched": _sign_in_matched,
    "verified": lambda facts, _: (
        "Identity confirmed" + (f" by {str(facts['by']).partition(':')[2]}" if ":" in str(facts["by"]) else "")
    ),
    "entered": lambda facts, _: f"{facts['by']} entered it" + (", with a scan" if facts["has_scan"] else ""),
    "document_seen": lambda facts, _: f"{facts['by']} saw an identity document{_because(facts)}",
    "address_set": lambda facts, _: f"{facts['by']} gave another address for letters{_because(facts)}",
    "letter_to_post": lambda facts, _: f"Letter {_letter(facts)} written, to be posted",
    "letter_posted": lambda facts, _: f"{facts['by']} posted the letter {_letter(facts)} on {facts['posted_on']}",
    "letter_resent": lambda facts, _: f"{facts['by']} sent the letter {_letter(facts)} once more",
    "copy_printed": lambda facts, _: f"{facts['by']} took the copy of the data, to print and post it",
    "status_code_sent": lambda _, __: "Code for the status page sent",
    "identity_decided": lambda facts, _: f"{facts['by']} decided that it is the right person{_because(facts)}",
    "not_identified": lambda facts, _: f"{facts['by']} decided that the person can’t be identified",
    "rights_confirmed": lambda facts, _: f"{facts['by']} said what is asked: {_rights(facts['rights'])}",
    "searched": _searched,
    "task_done": _task_done,
    "opted_out": _opted_out,
    "package_ready": lambda _, __: "Copy of the data made and sealed",
    "package_downloaded": lambda _, __: "The person fetched the copy",
    "package_deleted": lambda _, __: "The copy was deleted here",
    "plan_proposed": lambda facts, _: f"Erasure plan made: erase {facts['erase']}, keep {facts['keep']}",
    "plan_approved": lambda facts, _: f"{facts['by']} approved the erasure plan",
    "plan_outdated": lambda _, __: "The data changed, so a new plan is made",
    "approval_withdrawn": lambda facts, _: f"{facts['by']} took the approval back",
    "erased_in_system": _erased,
    "erasures_deferred": lambda facts, _: f"{plural(facts['items'], 'kept item')} will be erased when the hold ends",
    "deferred_erased": lambda _, __: "A kept item was erased on its day",
    "deferred_not_erased": lambda _, __: "A kept item could not be erased on its day",
    "decided": lambda facts, _: f"{facts['by']} decided and wrote what was done",
    "extension_asked": lambda facts, _: f"{facts['by']} asked for more time",
    "extended": lambda facts, _: f"More time until {facts['until']}",
    "refused": lambda facts, _: f"{facts['by']} refused",
    "letter_requested": lambda facts, _: f"Letter {_letter(facts)} written",
    "letter_accepted": lambda facts, _: f"Letter {_letter(facts)} taken by the mail server",
    "letter_failed": lambda facts, _: (
        f"Letter {_letter(facts)} did not arrive: {words.failure_text(facts['reason'], facts.get('cause'))}"
    ),
    "extension_void": lambda facts, _: f"The notice did not arrive, so the first due date holds: {facts['due']}",
    "reminder": lambda facts, _: words.reminder_text(str(facts["kind"])) or "Reminder: the due date comes nearer",
    "not_closed": lambda facts, _: f"Not closed yet: {plural(len(facts['blockers']), 'thing')} missing",
    "request_withdrawn": lambda _, __: "The person took the request back",
    "withdrawal_set_aside": lambda facts, _: f"{facts['by']} found that the person wants it after all",
    "closed_withdrawn": lambda facts, _: f"{facts['by']} closed the case as withdrawn",
    "receipt_corrected": lambda facts, _: f"An earlier copy turned up: it counts from {facts['to'][:10]}",
    "looked": lambda facts, _: (
        f"{facts['by']} " + ("fetched an attachment" if facts["what"] == "attachment" else "looked at name and address")
    ),
    "look_alike": lambda _, __: "The writer’s domain imitates the one on file",
    "taken_out_of_order": lambda facts, _: (
        f"{facts['by']} took it before {plural(facts['passed_over'], 'earlier request')}: {facts['reason']}"
    ),
    "dead_lettered": lambda facts, _: f"A message inside could not be taken by {facts['service']}",
    "irrecoverable": lambda _, __: "The wrapping keys of that time are gone: irrecoverable, also in backups",
    "key_destroyed": lambda facts, _: f"Keys destroyed in {facts['service']}{_because(facts)}",
}
