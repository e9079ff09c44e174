"""Which handler takes which event."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from dsr_fulfilment.handlers import deliveries, keys, receipts, requests, sign_ins, status_page, withdrawals
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.base import Event
from dsr_shared.contracts.dead_letters import DeadLetteredV1
from dsr_shared.contracts.deliveries import LetterAcceptedV1, LetterFailedV1, NotifierKeyDestroyedV1
from dsr_shared.contracts.requests import (
    ChallengeAnsweredV1,
    IdentityProvedV1,
    IntakeKeyDestroyedV1,
    LetterBouncedV1,
    MessageReceivedV1,
    PackageDownloadedV1,
    PackageOpenedV1,
    ReceiptCorrectedV1,
    RequestReceivedV1,
    RequestWithdrawnV1,
    StatusCodeWantedV1,
)
from dsr_shared.inbox import Handler, Received
from dsr_shared.postgres import Connection

E_ = TypeVar("E_", bound=Event)


def _bind(tools: Tools, handle: Callable[[Tools, Connection, Received, E_], Awaitable[None]]) -> Handler:
    async def bound(conn: Connection, received: Received) -> None:
        await handle(tools, conn, received, cast("E_", received.event))

    return bound


def event_handlers(tools: Tools) -> dict[type[Event], Handler]:
    """Every event that fulfilment reads."""
    return {
        RequestReceivedV1: _bind(tools, requests.on_request_received),
        MessageReceivedV1: _bind(tools, requests.on_message_received),
        ReceiptCorrectedV1: _bind(tools, receipts.on_receipt_corrected),
        RequestWithdrawnV1: _bind(tools, withdrawals.on_request_withdrawn),
        ChallengeAnsweredV1: _bind(tools, requests.on_challenge_answered),
        IdentityProvedV1: _bind(tools, sign_ins.on_identity_proved),
        PackageOpenedV1: _bind(tools, requests.on_package_opened),
        StatusCodeWantedV1: _bind(tools, status_page.on_status_code_wanted),
        PackageDownloadedV1: _bind(tools, requests.on_package_downloaded),
        LetterAcceptedV1: _bind(tools, deliveries.on_letter_accepted),
        LetterFailedV1: _bind(tools, deliveries.on_letter_failed),
        LetterBouncedV1: _bind(tools, deliveries.on_letter_bounced),
        IntakeKeyDestroyedV1: _bind(tools, keys.on_intake_key_destroyed),
        NotifierKeyDestroyedV1: _bind(tools, keys.on_notifier_key_destroyed),
        DeadLetteredV1: _bind(tools, keys.on_dead_lettered),
    }
