"""Reads what was stored: claims arrivals, reads each in a child process, commits what follows."""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from typing import Any
from uuid import uuid4

from dsr_intake.adapters.arrival_store import ARRIVALS_CHANNEL, SqlArrivalStore
from dsr_intake.adapters.controller_book import DATABASE_TROUBLE, ControllerBook
from dsr_intake.adapters.reading_pool import ReadingPool
from dsr_intake.bootstrap import Intake
from dsr_intake.domain.arrivals import MAX_READ_ATTEMPTS, ClaimedArrival
from dsr_intake.domain.mail import MailFile, MailReading, Unreadable
from dsr_intake.domain.sender import OwnSide
from dsr_intake.handlers.read_arrival import OpenedArrival, ReadArrival
from dsr_intake.ports import FileReader, MailReader
from dsr_shared.backoff import pause
from dsr_shared.blobs import BlobStore
from dsr_shared.contracts.base import BlobRefV1
from dsr_shared.contracts.controllers import ControllerPublishedV1
from dsr_shared.keys import CaseKeys
from dsr_shared.postgres import Database, Hints, load_queries
from dsr_shared.telemetry import continue_trace

LEASE_SECONDS = 120
BATCH = 8
POLL_SECONDS = 5.0
RETRY_SECONDS = 30
NOISE_EVERY_SECONDS = 3600.0
COUNT_SECONDS = 15.0
_MAY_HOLD_FILES = re.compile(rb"name\*?\d*\*?\s*=|content-disposition:\s*attachment|message/rfc822", re.IGNORECASE)
_log = logging.getLogger(__name__)
_CLAIM_FIELDS = tuple(field.name for field in fields(ClaimedArrival))


class ArrivalWorker:
    """One of any number of workers: leases keep them apart, a dead one's arrivals come back after its lease."""

    def __init__(
        self,
        *,
        database: Database,
        store: SqlArrivalStore,
        keys: CaseKeys,
        book: ControllerBook,
        handler: ReadArrival,
        reader: MailReader,
        files: FileReader | None = None,
        own_hosts: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._database = database
        self._store = store
        self._keys = keys
        self._book = book
        self._handler = handler
        self._reader = reader
        self._files = files
        self._own_hosts = own_hosts or {}
        self._sql = load_queries("dsr_intake")

    @classmethod
    def of(
        cls, intake: Intake, reader: ReadingPool, own_hosts: Mapping[str, Sequence[str]] | None = None
    ) -> "ArrivalWorker":
        """A worker on intake's own parts."""
        return cls(
            database=intake.database,
            store=intake.store,
            keys=intake.keys,
            book=intake.book,
            handler=intake.read_arrival,
            reader=reader,
            files=reader.files,
            own_hosts=own_hosts,
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; between batches wait for a hint or a few seconds."""
        async with self._database.listen(ARRIVALS_CHANNEL) as hints:
            while not stop.is_set():
                if not await self._guarded_batch():
                    await _hint_or_stop(hints, stop)

    async def _guarded_batch(self) -> int:
        try:
            return await self.read_batch()
        except Exception as error:  # noqa: BLE001 - a worker's edge: the next batch is tried
            _log.error("Reading arrivals failed; their leases end and they are tried again.", exc_info=error)
            return 0

    async def read_batch(self) -> int:
        """Claim and read some arrivals; returns how many were claimed."""
        async with self._database.across_controllers() as connection:
            rows = await connection.fetch(self._sql["claim_arrivals"], uuid4(), LEASE_SECONDS, BATCH)
        for row in rows:
            claim = ClaimedArrival(**{name: row[name] for name in _CLAIM_FIELDS})
            with continue_trace("read arrival", row["traceparent"], controller_id=claim.controller_id):
                await self._read_or_give_back(claim)
        return len(rows)

    async def _read_or_give_back(self, claim: ClaimedArrival) -> None:
        try:
            await self._read(claim)
        except Exception as error:  # noqa: BLE001 - a worker's edge: the others go on
            _log.error("An arrival was not read; it is tried again.", exc_info=error)
            async with self._database.transaction(claim.controller_id) as connection:
                values = (claim.arrival_id, claim.lease_token, RETRY_SECONDS)
                await connection.execute(self._sql["give_back"], *values)

    async def _read(self, claim: ClaimedArrival) -> None:
        register = await self._book.find(claim.controller_id)
        async with self._database.transaction(claim.controller_id) as connection:
            key = await self._keys.get(connection, claim.key_id)
            raw, blob = await self._store.open_raw(connection, claim.arrival_id, key)
        reading = await self._reading(claim, raw, register)
        language = register.languages[0] if register else "fi"
        files = await self._files_of(raw, reading)
        opened = OpenedArrival(claim, key, raw, blob, reading, language, files, _own_side(register))
        async with self._database.transaction(claim.controller_id) as connection:
            await self._handler(connection, opened)

    async def _files_of(self, raw: bytes, reading: MailReading | Unreadable) -> tuple[MailFile, ...]:
        """The files of a mail that somebody wrote; those that cannot be had stay in the stored mail."""
        is_written = isinstance(reading, MailReading) and reading.kind not in ("bounce", "auto_reply")
        if self._files is None or not is_written or not _MAY_HOLD_FILES.search(raw):
            return ()
        found = await self._files(raw)
        if isinstance(found, Unreadable):
            _log.warning("The files of a mail could not be taken out (%s); the mail itself is kept.", found.problem)
            return ()
        return found

    async def _reading(
        self, claim: ClaimedArrival, raw: bytes, register: ControllerPublishedV1 | None
    ) -> MailReading | Unreadable:
        """What the mail says; what killed its reader again and again goes to a person as it is."""
        if claim.problem == "oversize":
            return Unreadable("oversize")
        if claim.attempts > MAX_READ_ATTEMPTS:
            return Unreadable("timeout")
        addresses: Sequence[str] = (register.contact_email,) if register else ()
        hosts = (*(register.mail_hosts if register else ()), *self._own_hosts.get(claim.controller_id, ()))
        return await self._reader(raw, addresses, hosts)


def _own_side(register: ControllerPublishedV1 | None) -> OwnSide:
    """The controller as senders might imitate it."""
    if register is None:
        return OwnSide()
    domain = register.contact_email.rpartition("@")[2].lower()
    return OwnSide((domain,), tuple(dict.fromkeys((register.name, register.sender_name))))


class NoiseCleaner:
    """Deletes mail that was no request once its days are over, with its key and its blob."""

    def __init__(self, database: Database, keys: CaseKeys, blobs: BlobStore) -> None:
        self._database = database
        self._keys = keys
        self._blobs = blobs
        self._sql = load_queries("dsr_intake")
        self._sign_in_sql = load_queries("dsr_intake", "sign_ins.sql")

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.clean()
            except Exception as error:  # noqa: BLE001 - a worker's edge: it can wait for an hour
                _log.error("Deleting old noise failed; it is tried again in an hour.", exc_info=error)
            await pause(stop, NOISE_EVERY_SECONDS)

    async def clean(self) -> int:
        """Delete what is due; returns how many arrivals went."""
        async with self._database.across_controllers() as connection:
            rows: list[Any] = await connection.fetch(self._sql["old_noise"])
            for row in rows:
                if row["raw_blob"]:
                    await self._blobs.delete(BlobRefV1.model_validate_json(row["raw_blob"]).name)
                await self._keys.destroy(connection, row["controller_id"], row["arrival_id"])
                await connection.execute(self._sql["delete_arrival"], row["arrival_id"])
            await connection.execute(self._sql["delete_old_visits"])
            await connection.execute(self._sign_in_sql["delete_old"])
        return len(rows)


class WaitingArrivals:
    """Counts what waits to be read, for the metrics."""

    def __init__(self, database: Database, tell: Callable[[float], None]) -> None:
        self._database = database
        self._tell = tell
        self._sql = load_queries("dsr_intake")

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            with suppress(*DATABASE_TROUBLE):
                async with self._database.across_controllers() as connection:
                    self._tell(await connection.fetchval(self._sql["waiting_arrivals"]))
            await pause(stop, COUNT_SECONDS)


async def _hint_or_stop(hints: Hints, stop: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(wait) for wait in (hints.wait(POLL_SECONDS), stop.wait())]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
