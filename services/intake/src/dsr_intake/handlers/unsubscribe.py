"""One click in a newsletter becomes a request for an end to marketing; it needs no proof and no confirmation."""

import time
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final
from uuid import UUID

from dsr_intake.domain.request_form import FormAnswers, FormState
from dsr_shared.contracts.words import Language
from dsr_shared.keyring import KeyRing

_ANSWERS_OF_A_CLICK: Final = ("marketing_opt_out",)


class Unsubscribe:
    """Hands the click to the form's handler."""

    def __init__(self, ring: KeyRing, submit: Callable[[FormState], Awaitable[None]]) -> None:
        self._ring = ring
        self._submit = submit

    async def __call__(self, controller_id: str, address: str, language: Language, today: date) -> None:
        """Return once it is committed. Every click of one day for one address is the same request."""
        arrival, token = (
            bytes.fromhex(self._ring.mac(f"unsubscribe {what}", f"{controller_id} {today} {address}"))
            for what in ("arrival", "status")
        )
        state = FormState(
            arrival_id=_as_uuid8(arrival[:16]),
            status_token=urlsafe_b64encode(token).rstrip(b"=").decode(),
            issued_at=int(time.time()),
            controller_id=controller_id,
            language=language,
            answers=FormAnswers(choices=_ANSWERS_OF_A_CLICK, email=address),
        )
        await self._submit(state)


def _as_uuid8(digest: bytes) -> UUID:
    """RFC 9562, version 8: bits of one's own."""
    value = int.from_bytes(digest, "big") & ~(0xF << 76) & ~(0x3 << 62)
    return UUID(int=value | (0x8 << 76) | (0x2 << 62))
