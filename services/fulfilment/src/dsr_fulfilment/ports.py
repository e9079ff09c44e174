"""What fulfilment needs from the systems of a controller, in its own words.

ConnectorError
├── SystemUnavailable    the system does not answer: try again later
├── SystemMisdeclared    the register does not fit the system: a person must correct one of them
├── ConnectionRefused    no secret, or an address that the register does not declare
├── IdentifiersConflict  the identifiers mean different people: a person chooses; nothing was read
├── PlanOutdated         the data changed since the plan was made: plan again; nothing was erased
└── OutcomeUnknown       the connection broke during the commit: ask again with `intent_recorded`
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from dsr_fulfilment.domain.items import (
    Candidate,
    ConcernedPerson,
    ExportedSystem,
    FoundItems,
    Identifiers,
    ItemOutcome,
    PlannedItem,
)
from dsr_fulfilment.domain.opt_out import WrittenOptOut
from dsr_shared.contracts.words import Language, Right

Identity = tuple[str, str, str]
"""`ItemRef.identity`: system, table and key."""


class ConnectorError(Exception):
    """A system could not do what was asked; `system` tells which. No text of it names a person."""

    def __init__(self, system: str, message: str) -> None:
        super().__init__(f"{system}: {message}")
        self.system = system


class SystemUnavailable(ConnectorError):
    """The system does not answer; asking again later may help."""


class SystemMisdeclared(ConnectorError):
    """A table, column or key of the register does not exist in the system as declared."""


class ConnectionRefused(ConnectorError):
    """The secret is missing or leads to a host that the register does not declare."""


class IdentifiersConflict(ConnectorError):
    """No row fits all identifiers that were given, but some fit one of them: nobody guesses whom they mean."""


class PlanOutdated(ConnectorError):
    """The data no longer are what the plan was made from. Nothing was erased."""


class OutcomeUnknown(ConnectorError):
    """The system may or may not have erased; `erase(..., intent_recorded=True)` finds out."""


class Connector(Protocol):
    """A system that answers by itself."""

    system: str

    async def match(self, ids: Identifiers) -> tuple[Candidate, ...]:
        """Say who is there under these identifiers, masked; nothing is copied."""

    async def find(self, ids: Identifiers) -> FoundItems:
        """Give every item that belongs to the person."""

    async def export(
        self, found: FoundItems, *, reviewed: Collection[Identity] = (), portable_only: bool = False
    ) -> ExportedSystem:
        """Write the found items as the person gets them: masked, credentials only named.

        Items that may speak of other people (Art. 15(4)) are left out unless a person reviewed them: `reviewed` names
        their identities. `portable_only` leaves what the person provided (Art. 20).
        """

    async def concerned(self, start: datetime, end: datetime) -> tuple[ConcernedPerson, ...]:
        """Give the persons with data from a time span, start included, end not."""

    async def erase(
        self, planned: Sequence[PlannedItem], idempotency_key: UUID, *, intent_recorded: bool = False
    ) -> tuple[ItemOutcome, ...]:
        """Carry out the whole plan of this system (kept items included) in one transaction, or nothing of it.

        An empty fingerprint stands for "whatever the item holds now", as deferred erasures remember keys alone. Items
        that belong together (an invoice and its lines) must come in one call, or the plan is outdated.

        With `intent_recorded` an earlier attempt under the same key has an unknown outcome: items that are gone are
        then erased; without it a missing item makes the plan outdated.
        """

    async def verify(self, ids: Identifiers, planned: Sequence[PlannedItem]) -> tuple[ItemOutcome, ...]:
        """Search again, by identifiers and by the planned keys, and say what is true now."""

    async def opt_out(self, ids: Identifiers, rights: Collection[Right]) -> WrittenOptOut | None:
        """Write that the person wants no marketing or withdraws consent, in one transaction, and read it again.

        Doing it twice changes nothing. None where the register does not say how, or not by these identifiers.
        """

    async def close(self) -> None:
        """Give back the connections."""


@dataclass(frozen=True)
class HumanTask:
    """What a person has to do in a system that does not answer by itself."""

    system: str
    action: Literal["search", "erase"]
    shelf: str
    instructions: Mapping[Language, str]
    deadline_days: int


@dataclass(frozen=True)
class HumanAnswer:
    """What the person who did a task recorded."""

    result: Literal["found", "nothing_found", "erased", "kept", "not_searched"]
    note: str
    answered_by: str
    ground: str | None = None
    kept_until: date | None = None


class HumanConnector(Protocol):
    """A system that a person has to search: its outcome is what the person records."""

    system: str

    def task(self, action: Literal["search", "erase"]) -> HumanTask:
        """Say what is to be done."""

    def outcome(self, task: HumanTask, answer: HumanAnswer) -> ItemOutcome:
        """Turn a recorded answer into an outcome; ValueError where the answer does not fit the task."""
