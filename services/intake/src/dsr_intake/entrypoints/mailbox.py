"""Takes mail out of a mailbox: stored and committed first, put away in the mailbox afterwards."""

import asyncio
import hashlib
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from dsr_intake.adapters.imap import ImapMailbox, Waiting
from dsr_intake.adapters.imap_wire import ImapAnswerError, ImapError, MailboxRefusedError
from dsr_intake.adapters.mailboxes import MailboxSettings
from dsr_intake.domain.mail import MAX_MAIL_BYTES, MailPosition
from dsr_intake.domain.receipt import MAX_HEADER_BYTES, received_at
from dsr_intake.ports import ArrivalStore
from dsr_shared.backoff import backoff_seconds, pause

CLEAN_EVERY_SECONDS: Final = 3600.0
_log = logging.getLogger(__name__)


class MailboxReader:
    """Reads one mailbox until told to stop, and survives whatever its server does."""

    def __init__(self, settings: MailboxSettings, store: ArrivalStore, *, longest_backoff: float = 300.0) -> None:
        self._settings = settings
        self._store = store
        self._longest_backoff = longest_backoff
        self._taken: set[tuple[int, int]] = set()
        self._uidvalidity: int | None = None
        self._next_cleaning = 0.0
        self.problem: str | None = f"mailbox {settings.name}: not looked into yet"
        """What keeps the mailbox from being read, for `/readyz`; None while all is well."""

    async def run(self, stop: asyncio.Event) -> None:
        """Read, wait, read again; after a failure try again, ever more slowly."""
        failures = 0
        while not stop.is_set():
            try:
                await self._session(stop)
                failures = 0
            except Exception as error:  # noqa: BLE001 - a worker's edge: the mail lies safe in the mailbox, next try
                failures = 1 if self.problem is None else failures + 1
                self._tell(error)
                await pause(stop, backoff_seconds(failures, first=1.0, longest=self._longest_backoff))

    async def sweep(self, mailbox: ImapMailbox) -> int:
        """Take everything that waits; returns how many mails were stored."""
        self._notice_uidvalidity(mailbox.uidvalidity)
        stored, trouble = 0, None
        for uid in await mailbox.waiting():
            try:
                stored += await self._take(mailbox, uid)
            except ImapAnswerError as error:
                _log.warning("Mailbox %s: mail %d stays where it is (%s)", self._settings.name, uid, error)
                trouble = error
        if trouble is not None:
            raise trouble
        return stored

    async def _session(self, stop: asyncio.Event) -> None:
        mailbox = await ImapMailbox.open(self._settings)
        try:
            while not stop.is_set():
                await self.sweep(mailbox)
                await self._clean(mailbox)
                self._recovered()
                await self._wait(mailbox, stop)
        finally:
            await mailbox.close()

    async def _wait(self, mailbox: ImapMailbox, stop: asyncio.Event) -> None:
        if mailbox.can_idle:
            await mailbox.wait_for_news(stop, self._settings.poll_seconds)
        elif not await pause(stop, self._settings.poll_seconds):
            await mailbox.select()

    async def _take(self, mailbox: ImapMailbox, uid: int) -> int:
        """Store one mail, then put it away. Told twice it is stored once: by position here, by hash in the store."""
        waiting = await mailbox.look(uid)
        if waiting is None:
            return 0
        is_oversize = waiting.size > MAX_MAIL_BYTES
        is_new = (mailbox.uidvalidity, uid) not in self._taken
        if is_new:
            raw = await mailbox.fetch(uid, header_only=is_oversize)
            if raw is None:
                return 0
            await self._put_in_store(mailbox, waiting, raw[:MAX_HEADER_BYTES] if is_oversize else raw)
            self._taken.add((mailbox.uidvalidity, uid))
        await mailbox.put_away(uid, keep=is_oversize)
        self._taken.discard((mailbox.uidvalidity, uid))
        return int(is_new)

    async def _put_in_store(self, mailbox: ImapMailbox, waiting: Waiting, raw: bytes) -> None:
        settings = self._settings
        position = MailPosition(
            uidvalidity=mailbox.uidvalidity,
            uid=waiting.uid,
            sha256=hashlib.sha256(raw).hexdigest(),
            mailbox=f"{settings.username}/{settings.folder}",
            problem="oversize" if waiting.size > MAX_MAIL_BYTES else None,
        )
        moment = received_at(raw, settings.own_mail_hosts, waiting.internal_date)
        await self._store.store_raw(settings.controller_id, "mail", raw, moment, position)

    async def _clean(self, mailbox: ImapMailbox) -> None:
        """Delete handled mail whose days are over, once an hour."""
        if time.monotonic() < self._next_cleaning:
            return
        day = (datetime.now(UTC) - timedelta(days=self._settings.retention_days)).date()
        count = await mailbox.delete_handled_before(day)
        self._next_cleaning = time.monotonic() + CLEAN_EVERY_SECONDS
        if count:
            _log.info("Mailbox %s: deleted %d handled mails from before %s", self._settings.name, count, day)

    def _notice_uidvalidity(self, now: int) -> None:
        if self._uidvalidity not in (None, now):
            _log.warning("Mailbox %s numbers its mails anew: read again, known mail by its hash", self._settings.name)
            self._taken.clear()
        self._uidvalidity = now

    def _tell(self, error: Exception) -> None:
        name = self._settings.name
        if isinstance(error, MailboxRefusedError):
            self.problem = (
                f"mailbox {name}: the server refuses user name or password; correct them in the mailboxes file"
            )
        elif isinstance(error, ImapError):
            self.problem = f"mailbox {name}: {type(error).__name__.removesuffix('Error')} ({error}); tried again"
        else:
            self.problem = f"mailbox {name}: mail could not be stored ({type(error).__name__}); tried again"
        _log.error("Could not read %s", self.problem)

    def _recovered(self) -> None:
        if self.problem is not None:
            _log.info("Mailbox %s is being read", self._settings.name)
        self.problem = None
