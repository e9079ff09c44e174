"""Filled-in forms, sealed as intake seals them, and a browser that costs next to nothing."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlencode, urlsplit

from uuid6 import uuid7

from benchmarks.installation import CONTROLLER, Installation
from dsr_intake.adapters.form_seal import FormSeal
from dsr_intake.domain.request_form import FormAnswers, FormState
from dsr_shared.keyring import KeyRing
from dsr_shared.sealing import new_token

MESSAGE = "Haluan tietää, mitä tietoja teillä on minusta. " * 4


def filled_form(name: str, email: str, choices: Sequence[str] = ("access",)) -> FormState:
    answers = FormAnswers(tuple(choices), "self", name, email, MESSAGE)
    return FormState(uuid7(), new_token(), int(time.time()), CONTROLLER, "fi", answers)


def some_forms(count: int) -> list[FormState]:
    """Of people whom no system knows, each with an address of their own."""
    return [filled_form("Testi Henkilö", f"{uuid7().hex}@nobody.example") for _ in range(count)]


class Poster:
    """Posts forms to the public web, one after the other on one connection."""

    def __init__(self, installed: Installation) -> None:
        ring = KeyRing.load(installed.layout.keys / "intake.keyring.json")
        self._seal = FormSeal(ring)
        parts = urlsplit(installed.form_url)
        self._host, self._port = parts.hostname or "", parts.port or 80

    def request(self, state: FormState) -> bytes:
        body = urlencode({"state": self._seal.seal(state), "step": "check"}).encode()
        head = (
            f"POST /{CONTROLLER}/ HTTP/1.1\r\nhost: {self._host}:{self._port}\r\n"
            f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["PostConnection"]:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            yield PostConnection(reader, writer)
        finally:
            writer.close()


class PostConnection:
    """One kept-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def post(self, request: bytes) -> float:
        """Send a form and wait for the receipt; returns the seconds. Anything but a receipt is an error."""
        began = time.perf_counter()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await self._reader.readexactly(length)
        if b" 303 " not in head.split(b"\r\n")[0] or b"/receipt/" not in head:
            raise RuntimeError(f"the form was not accepted: {head.decode()} {body[:200].decode(errors='replace')}")
        return time.perf_counter() - began
