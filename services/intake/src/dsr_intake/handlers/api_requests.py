"""Requests that a program hands in: checked like a form and stored by the same handler; there is no second way."""

import time
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dsr_intake.domain.form_files import FileTray
from dsr_intake.domain.request_form import FormAnswers, FormState
from dsr_shared.contracts.words import Language
from dsr_shared.keyring import KeyRing
from dsr_shared.postgres import Database, load_queries
from dsr_shared.sealing import hash_token

Submit = Callable[[FormState], Awaitable[None]]


class OtherBody(Exception):
    """The idempotency key came before, with another body."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One checked call."""

    controller_id: str
    key_id: UUID
    idempotency_key: str | None
    arrival_id: UUID
    """What the call is stored as, unless it came before."""
    language: Language
    answers: FormAnswers = field(repr=False)
    body: bytes = field(repr=False)
    tray: FileTray | None = None


class ApiRequests:
    """The database side of the API."""

    def __init__(self, database: Database, ring: KeyRing, submit: Submit, submit_with_files: Submit) -> None:
        self._database = database
        self._ring = ring
        self._submit = submit
        self._submit_with_files = submit_with_files
        self._sql = load_queries("dsr_intake", "api.sql")

    async def place(self, call: ApiCall) -> str:
        """Return the status token once the request is committed; the same call again gives the same one.

        Raises OtherBody.
        """
        arrival_id = await self._arrival_of(call)
        token = self._token(arrival_id)
        state = FormState(
            arrival_id=arrival_id,
            status_token=token,
            issued_at=int(time.time()),
            controller_id=call.controller_id,
            language=call.language,
            answers=call.answers,
            tray=call.tray,
            channel="api",
        )
        await (self._submit_with_files if call.tray and call.tray.files else self._submit)(state)
        return token

    async def state(self, controller_id: str, token: str) -> Any | None:
        """How the case of a status token stands; None for an unknown one."""
        async with self._database.transaction(controller_id) as connection:
            return await connection.fetchrow(self._sql["state_of_token"], controller_id, hash_token(token))

    async def _arrival_of(self, call: ApiCall) -> UUID:
        """The arrival that this call stands for, remembered before it is stored: a crash between loses nothing."""
        if call.idempotency_key is None:
            return call.arrival_id
        call_hash = self._ring.mac_bytes("api call", call.idempotency_key.encode())
        body_hash = self._ring.mac_bytes("api body", call.body)
        async with self._database.transaction(call.controller_id) as connection:
            await connection.execute(self._sql["delete_old_calls"], call.controller_id)
            values = (call.controller_id, call.key_id, call_hash, body_hash, call.arrival_id)
            await connection.execute(self._sql["remember_call"], *values)
            known = await connection.fetchrow(self._sql["call"], call.key_id, call_hash)
        if known["body_hash"] != body_hash:
            raise OtherBody
        return UUID(str(known["arrival_id"]))

    def _token(self, arrival_id: UUID) -> str:
        """The status token of an arrival: 256 bits that only this key ring can make, so that none has to be kept."""
        secret = bytes.fromhex(self._ring.mac_bytes("api status token", arrival_id.bytes))
        return urlsafe_b64encode(secret).rstrip(b"=").decode()
