"""Which classes a topic carries, and who writes it."""

from typing import Final

from dsr_shared.contracts import cases, controllers, dead_letters, deliveries, letters, notices, requests
from dsr_shared.contracts.base import Event
from dsr_shared.contracts.words import SERVICES, Service

EVENTS: Final[tuple[type[Event], ...]] = (
    requests.RequestReceivedV1,
    requests.MessageReceivedV1,
    requests.ReceiptCorrectedV1,
    requests.LetterBouncedV1,
    requests.RequestWithdrawnV1,
    requests.ChallengeAnsweredV1,
    requests.IdentityProvedV1,
    requests.PackageOpenedV1,
    requests.StatusCodeWantedV1,
    requests.PackageDownloadedV1,
    requests.IntakeKeyDestroyedV1,
    cases.CaseStageChangedV1,
    cases.ChallengeIssuedV1,
    cases.ReplyExpectedV1,
    cases.PackageReadyV1,
    cases.DownloadCodeIssuedV1,
    cases.StatusCodeIssuedV1,
    cases.LetterSentV1,
    cases.PackageDeletedV1,
    cases.CaseKeyDestroyedV1,
    letters.LetterRequestedV1,
    deliveries.LetterAcceptedV1,
    deliveries.LetterFailedV1,
    deliveries.NotifierKeyDestroyedV1,
    controllers.ControllerPublishedV1,
    notices.NoticePublishedV1,
    dead_letters.DeadLetteredV1,
)

WRITERS: Final[dict[str, tuple[Service, ...]]] = {
    requests.TOPIC: ("intake",),
    cases.TOPIC: ("fulfilment",),
    letters.TOPIC: ("fulfilment",),
    deliveries.TOPIC: ("notifier",),
    controllers.TOPIC: ("fulfilment",),
    dead_letters.TOPIC: SERVICES,
}

READERS: Final[dict[str, tuple[Service, ...]]] = {
    requests.TOPIC: ("fulfilment",),
    cases.TOPIC: ("intake", "notifier"),
    letters.TOPIC: ("notifier",),
    deliveries.TOPIC: ("fulfilment",),
    controllers.TOPIC: ("intake", "notifier"),
    dead_letters.TOPIC: ("fulfilment",),
}

COMPACTED: Final[frozenset[str]] = frozenset({controllers.TOPIC})
"""Topics that keep only the newest event of a key: gaps in the sequence are normal there."""

_BY_TOPIC_TYPE_VERSION: Final[dict[tuple[str, str, int], type[Event]]] = {
    (event.TOPIC, event.TYPE, event.VERSION): event for event in EVENTS
}


def event_class(topic: str, event_type: str, version: int) -> type[Event] | None:
    """Find the class of an event, or None where this topic does not carry it."""
    return _BY_TOPIC_TYPE_VERSION.get((topic, event_type, version))


def knows_type(topic: str, event_type: str) -> bool:
    """Whether any version of the type is known on the topic."""
    return any(known == (topic, event_type) for known in ((t, e) for t, e, _ in _BY_TOPIC_TYPE_VERSION))
