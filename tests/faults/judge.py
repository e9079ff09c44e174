"""Judges each event by the rows it left in the three databases, and each letter by the mails in the mail server."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.persons import Asker
from tests.faults.town import SERVICES, Town

from dsr_shared.contracts.registry import READERS

_OUTBOX = "select event_id, topic, case_id, sequence, event_type, payload from outbox order by case_id, topic, sequence"


@dataclass
class Verdict:
    """What was lost and what happened twice; each entry names the event or letter."""

    events: int = 0
    letters: int = 0
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    marked_unknown: list[str] = field(default_factory=list)
    """Letters that were repeated once, with the same Message-ID and marked, since their first attempt ended unknown."""


@dataclass(frozen=True)
class _Written:
    """An event as its writer's outbox has it."""

    event_id: Any
    topic: str
    case_id: Any
    type: str
    data: Mapping[str, Any]


class Judge:
    """Reads everything once the stack is quiet."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.verdict = Verdict()

    async def judge(self, askers: Iterable[Asker]) -> Verdict:
        written = [event for service in SERVICES for event in await self._written(service)]
        self.verdict.events = len(written)
        await self._each_was_taken_once(written)
        await self._each_had_its_effect(written)
        await self._forms(list(askers))
        await self._letters(list(askers))
        return self.verdict

    async def _written(self, service: str) -> list[_Written]:
        rows = await self._town.rows(service, _OUTBOX)
        return [
            _Written(
                row["event_id"], row["topic"], row["case_id"], row["event_type"], json.loads(row["payload"])["data"]
            )
            for row in rows
        ]

    async def _each_was_taken_once(self, written: list[_Written]) -> None:
        """By every service that reads its topic: one inbox row, no dead letter, nothing that still waits."""
        for reader in SERVICES:
            rows = await self._town.rows(reader, "select event_id from inbox")
            taken = Counter(row["event_id"] for row in rows)
            wanted = [event for event in written if reader in READERS[event.topic]]
            self._compare(f"inbox of {reader}", {event.event_id: 1 for event in wanted}, taken)
            dead = await self._town.rows(reader, "select dead_letter_id, event_type, reason, detail from dead_letters")
            self.verdict.lost += [f"{reader} set {tuple(row)} aside" for row in dead]

    async def _each_had_its_effect(self, written: list[_Written]) -> None:
        """The rows that each event leaves, counted for each event."""
        by_type: dict[str, list[_Written]] = {}
        for event in written:
            by_type.setdefault(event.type, []).append(event)
        for database, event_type, name, query in _EFFECTS:
            rows = await self._town.rows(database, query)
            wanted = Counter(str(_key(event, name)) for event in by_type.get(event_type, []))
            self._unique(f"{event_type} written", wanted)
            found = Counter({str(row["key"]): row["n"] for row in rows})
            self._compare(f"{event_type} in {database}", dict.fromkeys(wanted, 1), found)
        await self._stages(by_type.get("case_stage_changed", []))
        await self._kinds_of_letters(by_type.get("letter_requested", []))

    async def _stages(self, stages: list[_Written]) -> None:
        """One event when the case opened and one for each move that the evidence knows; intake shows the last."""
        told = Counter(str(event.case_id) for event in stages)
        query = "select case_id as key, count(*) + 1 as n from evidence where kind = 'state' group by 1"
        moves = {str(row["key"]): row["n"] for row in await self._town.rows("fulfilment", query)}
        self._compare("stages told", moves, told)
        last = {str(event.case_id): event.data["stage"] for event in stages}  # in order of sequence
        shown = await self._town.rows("intake", "select case_id, stage from cases")
        self.verdict.lost += [
            f"intake shows {row['stage']} of {row['case_id']}"
            for row in shown
            if last.get(str(row["case_id"])) != row["stage"]
        ]

    async def _kinds_of_letters(self, letters: list[_Written]) -> None:
        """No case asks for the same kind of letter twice."""
        self._unique("letters of a case", Counter(f"{event.case_id} {event.data['kind']}" for event in letters))

    async def _forms(self, askers: list[Asker]) -> None:
        """Each person was told "received" once, and has one arrival, one request and one case."""
        self.verdict.lost += [f"no receipt for {asker.email}" for asker in askers if asker.receipt is None]
        for database, query in (
            ("intake", "select count(*) from arrivals"),
            ("intake", "select count(*) from cases"),
            ("fulfilment", "select count(*) from cases"),
            ("intake", "select count(*) from outbox where event_type = 'request_received'"),
        ):
            count = await self._town.value(database, query)
            if count < len(askers):
                self.verdict.lost.append(f"{count} of {len(askers)}: {query}")
            if count > len(askers):
                self.verdict.duplicated.append(f"{count} for {len(askers)}: {query}")

    async def _letters(self, askers: list[Asker]) -> None:
        """In the mail server: each letter once, but for those marked as repeated, which may be there twice."""
        query = """
            select l.letter_id, l.state, max(a.message_id) as message_id, count(distinct a.message_id) as names,
                   count(*) as attempts, bool_or(a.is_repeat) as is_repeat
            from letters l left join letter_attempts a using (letter_id) group by 1, 2
        """
        rows = await self._town.rows("notifier", query)
        self.verdict.letters = len(rows)
        mails = Counter(message_id for asker in askers for message_id in asker.mails)
        for row in rows:
            self._letter(row, mails.pop(row["message_id"], 0))
        self.verdict.duplicated += [f"mail {message_id} of no letter" for message_id in mails]

    def _letter(self, row: Any, mails: int) -> None:
        name = f"letter {row['letter_id']} ({row['state']}, {row['attempts']} attempts): {mails} mails"
        if row["state"] != "accepted" or mails == 0 or row["names"] != 1:
            self.verdict.lost.append(name)
        elif row["is_repeat"]:
            self.verdict.marked_unknown.append(name)
        if mails > (2 if row["is_repeat"] else 1):
            self.verdict.duplicated.append(name)

    def _compare(self, what: str, wanted: Mapping[Any, int], found: Mapping[Any, int]) -> None:
        for key in wanted.keys() | found.keys():
            if found.get(key, 0) < wanted.get(key, 0):
                self.verdict.lost.append(f"{what}: {key}")
            if found.get(key, 0) > wanted.get(key, 0):
                self.verdict.duplicated.append(f"{what}: {key}")

    def _unique(self, what: str, counted: Counter[str]) -> None:
        self.verdict.duplicated += [f"{what}: {key}" for key, count in counted.items() if count > 1]


def _key(event: _Written, name: str) -> Any:
    return {"event_id": event.event_id, "case_id": event.case_id}.get(name) or event.data[name]


_PROVED = "select facts ->> '{}' as key, count(*) as n from evidence where kind = '{}' group by 1"
_COUNTED = "select {} as key, count(*) as n from {} group by 1"
_EFFECTS = (
    ("fulfilment", "request_received", "event_id", _COUNTED.format("arrival_event_id", "cases")),
    ("fulfilment", "challenge_issued", "challenge_id", _COUNTED.format("challenge_id", "challenges")),
    ("intake", "challenge_issued", "challenge_id", _COUNTED.format("challenge_id", "challenges")),
    ("fulfilment", "challenge_answered", "challenge_id", _PROVED.format("challenge", "challenge_answered")),
    ("fulfilment", "package_ready", "package_id", _COUNTED.format("package_id", "packages")),
    ("intake", "package_ready", "package_id", _COUNTED.format("package_id", "packages")),
    ("notifier", "letter_requested", "event_id", _COUNTED.format("event_id", "letters")),
    ("fulfilment", "letter_requested", "letter_id", _PROVED.format("letter", "letter_requested")),
    ("fulfilment", "letter_accepted", "letter_id", _PROVED.format("letter", "letter_accepted")),
)
"""Database, type of event, what in the event names the effect, and the effects counted by that name."""


async def waiting(town: Town) -> list[str]:
    """What is still under way; empty when everything was sent and taken, every letter and case has its end."""
    found = [f"{name}: {count}" for name, database, query in _UNDER_WAY if (count := await town.value(database, query))]
    written = {
        service: await town.rows(service, "select topic, count(*) as n from outbox group by 1") for service in SERVICES
    }
    for reader in SERVICES:
        wanted = sum(row["n"] for rows in written.values() for row in rows if reader in READERS[row["topic"]])
        if (taken := await town.value(reader, "select count(*) from inbox")) < wanted:
            found.append(f"{reader} took {taken} of {wanted}")
    return found


_UNDER_WAY = (
    *(
        (f"unsent of {one}", one, "select count(*) from streams where sent_sequence < last_sequence")
        for one in SERVICES
    ),
    *((f"parked in {one}", one, "select count(*) from parked_events") for one in SERVICES),
    ("letters", "notifier", "select count(*) from letters where ended_at is null"),
    ("jobs", "fulfilment", "select count(*) from jobs where done_at is null"),
    ("open cases", "fulfilment", "select count(*) from cases where state <> 'closed'"),
)
"""What it is, the database, and how many there are."""
