"""Takes mail out of a mailbox: stored and committed first, put away in the mailbox afterwards."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from dsr_intake.adapters.imap import ImapMailbox, Waiting
from dsr_intake.adapters.imap_wire import ImapAnswerError, ImapError, MailboxRefusedError
from dsr_intake.adapters.mailboxes import MailboxSettings
from dsr_intake.adapters.oauth import TokenSource
from dsr_intake.domain.mail import MAX_MAIL_BYTES, MailPosition
from dsr_intake.domain.receipt import MAX_HEADER_BYTES, received_at
from dsr_intake.ports import ArrivalStore
from dsr_shared.backoff import backoff_seconds, pause

CLEAN_EVERY_SECONDS: Final = 3600.0
PUT_AWAY_TOGETHER: Final = 50
LOOK_FOR_NEW_SECRETS_SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait after failures, doubled from the first to the longest.

    A refused sign-in waits longer, since providers lock accounts that try wrong passwords again and again; new secrets
    in the files are tried at once.
    """

    first_seconds: float = 1.0
    longest_seconds: float = 300.0
    first_refused_seconds: float = 60.0
    longest_refused_seconds: float = 1800.0


class MailboxReader:
    """Reads one mailbox until told to stop, and survives whatever its server does."""

    def __init__(
        self,
        settings: MailboxSettings,
        store: ArrivalStore,
        *,
        patience: Patience = Patience(),
        reread: Callable[[], MailboxSettings | None] = lambda: None,
        count_failure: Callable[[str], None] = lambda reason: None,  # noqa: ARG005 - the name says what is counted
    ) -> None:
        """`reread` gives the mailbox's settings as they stand in the file now, None where they are no longer there."""
        self._settings = settings
        self._tokens = TokenSource(settings.oauth) if settings.oauth else None
        self._store = store
        self._patience = patience
        self._reread = reread
        self._count_failure = count_failure
        self._taken: set[tuple[int, int]] = set()
        self._uidvalidity: int | None = None
        self._next_cleaning = 0.0
        self._last_failure: type[Exception] | None = None
        self.problem: str | None = f"mailbox {settings.name}: not looked into yet"
        """What keeps the mailbox from being read, for `/readyz`; None while all is well."""

    async def run(self, stop: asyncio.Event) -> None:
        """Read, wait, read again; after a failure try again, ever more slowly."""
        failures = 0
        while not stop.is_set():
            secrets_hash = self._settings.secrets_hash()
            try:
                await self._session(stop)
            except Exception as error:  # noqa: BLE001 - a worker's edge: the mail lies safe in the mailbox, next try
                failures = failures + 1 if self._last_failure is type(error) else 1
                self._last_failure = type(error)
                self._tell(error)
                if isinstance(error, MailboxRefusedError):
                    await self._pause_refused(stop, failures, secrets_hash)
                else:
                    first, longest = self._patience.first_seconds, self._patience.longest_seconds
                    await pause(stop, backoff_seconds(failures, first=first, longest=longest))

    async def _pause_refused(self, stop: asyncio.Event, failures: int, tried: str) -> None:
        """Wait long, but no longer than until other secrets stand in the files."""
        first, longest = self._patience.first_refused_seconds, self._patience.longest_refused_seconds
        until = time.monotonic() + backoff_seconds(failures, first=first, longest=longest)
        while (left := until - time.monotonic()) > 0:
            if await pause(stop, min(left, LOOK_FOR_NEW_SECRETS_SECONDS)):
                return
            settings = self._reread() or self._settings
            if settings.secrets_hash() != tried:
                self._settings = settings
                self._tokens = TokenSource(settings.oauth) if settings.oauth else None
                return

    async def sweep(self, mailbox: ImapMailbox) -> int:
        """Take everything that waits; returns how many mails were stored."""
        self._notice_uidvalidity(mailbox.uidvalidity)
        stored, trouble = 0, None
        waiting = await mailbox.waiting()
        for start in range(0, len(waiting), PUT_AWAY_TOGETHER):
            together = waiting[start : start + PUT_AWAY_TOGETHER]
            taken: list[Waiting] = []
            for mail in together:
                try:
                    stored += await self._take(mailbox, mail)
                    taken.append(mail)
                except ImapAnswerError as error:
                    trouble = self._stays(mail, error)
            trouble = await self._put_away(mailbox, taken) or trouble
        if trouble is not None:
            raise trouble
        return stored

    async def _session(self, stop: asyncio.Event) -> None:
        mailbox = await ImapMailbox.open(self._settings, self._tokens)
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

    async def _take(self, mailbox: ImapMailbox, waiting: Waiting) -> int:
        """Store one mail; told twice it is stored once: by position here, by hash in the store."""
        place = (mailbox.uidvalidity, waiting.uid)
        if place in self._taken:
            return 0
        is_oversize = waiting.size > MAX_MAIL_BYTES
        raw = await mailbox.fetch(waiting.uid, header_only=is_oversize)
        if raw is None:
            return 0  # taken away by somebody meanwhile
        await self._put_in_store(mailbox, waiting, raw[:MAX_HEADER_BYTES] if is_oversize else raw)
        self._taken.add(place)
        return 1

    async def _put_away(self, mailbox: ImapMailbox, mails: list[Waiting]) -> ImapAnswerError | None:
        """Put stored mails away together, or one by one where that is refused; the last refusal, if any."""
        trouble = None
        for keep in (False, True):
            uids = [mail.uid for mail in mails if (mail.size > MAX_MAIL_BYTES) == keep]
            try:
                if uids:
                    await mailbox.put_away(uids, keep=keep)
                self._taken.difference_update((mailbox.uidvalidity, uid) for uid in uids)
            except ImapAnswerError as error:
                trouble = error
        if trouble is None or len(mails) == 1:
            return self._stays(mails[0], trouble) if trouble else None
        each = [await self._put_away(mailbox, [mail]) for mail in mails]
        return next((refusal for refusal in reversed(each) if refusal is not None), None)

    def _stays(self, mail: Waiting, error: ImapAnswerError) -> ImapAnswerError:
        _log.warning("A mail stays where it is in its mailbox.", extra=self._facts(error) | {"uid": mail.uid})
        return error

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
            _log.info("Handled mails whose days are over were deleted.", extra=self._facts() | {"mail_count": count})

    def _notice_uidvalidity(self, now: int) -> None:
        if self._uidvalidity not in (None, now):
            _log.warning(
                "A mailbox numbers its mails anew: all is read again, known mail by its hash.", extra=self._facts()
            )
            self._taken.clear()
        self._uidvalidity = now

    def _tell(self, error: Exception) -> None:
        name = self._settings.name
        if isinstance(error, MailboxRefusedError):
            self.problem = f"mailbox {name}: {error}"
        elif isinstance(error, ImapAnswerError) and error.reason == "mailbox_full":
            self.problem = (
                f"mailbox {name}: it is full, so that stored mail cannot be moved to {self._settings.handled_folder} "
                f"({error}); what came is stored and nothing is lost: make room or raise the quota"
            )
        elif isinstance(error, ImapError):
            self.problem = f"mailbox {name}: {type(error).__name__.removesuffix('Error')} ({error}); tried again"
        else:
            self.problem = f"mailbox {name}: mail could not be stored ({type(error).__name__}); tried again"
        facts = self._facts(error)
        self._count_failure(facts["reason"])
        _log.error("A mailbox cannot be read; /readyz says why.", extra=facts)

    def _recovered(self) -> None:
        if self.problem is not None:
            _log.info("A mailbox is being read.", extra=self._facts())
        self.problem = self._last_failure = None

    def _facts(self, error: Exception | None = None) -> dict[str, str]:
        """What logs may show."""
        facts = {"controller_id": self._settings.controller_id}
        if error is None:
            return facts
        return facts | {"error": type(error).__name__, "reason": getattr(error, "reason", "store")}
