"""Events with sealed parts, ready for the outbox."""

from uuid import UUID

from uuid6 import uuid7

from dsr_shared.contracts.base import Event, SealedV1, WrappedKeyV1
from dsr_shared.contracts.sealed import MessageV1, PersonV1
from dsr_shared.outbox import Draft
from dsr_shared.sealing import DataKey, SealContext, seal_model


class SealedParts:
    """Seals the person and the message of one event that is about to be told."""

    def __init__(self, event_type: type[Event], case_id: UUID, key: DataKey) -> None:
        self.event_id = uuid7()
        self._type = event_type.TYPE
        self._case_id = case_id
        self._key = key

    def person(self, person: PersonV1) -> SealedV1:
        return seal_model(self._key, person, self._context("person"))

    def message(self, message: MessageV1) -> SealedV1:
        return seal_model(self._key, message, self._context("message"))

    def draft(self, controller_id: str, event: Event, keys: tuple[WrappedKeyV1, ...]) -> Draft:
        return Draft(self.event_id, controller_id, self._case_id, event, keys=keys)

    def _context(self, field: str) -> SealContext:
        return SealContext(record_id=self.event_id, kind=self._type, case_id=self._case_id, field=field)


def plain_draft(controller_id: str, case_id: UUID, event: Event, causation_id: UUID | None = None) -> Draft:
    """An event without sealed parts."""
    return Draft(uuid7(), controller_id, case_id, event, causation_id=causation_id)
