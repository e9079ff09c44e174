"""A mailbox over IMAP: what waits in it, its bytes, and the folder where handled mail goes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from dsr_intake.adapters.imap_names import encode_folder
from dsr_intake.adapters.imap_sign_in import sign_in
from dsr_intake.adapters.imap_wire import Answer, ImapAnswerError, ImapConnection, MailboxRefusedError

if TYPE_CHECKING:
    import asyncio

    from dsr_intake.adapters.mailboxes import MailboxSettings
    from dsr_intake.adapters.oauth import TokenSource

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_INTERNAL_DATE: Final = re.compile(
    rb'INTERNALDATE "\s?(\d{1,2})-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"', re.IGNORECASE
)
_LOOKED_AT_TOGETHER: Final = 200
_FETCH: Final = re.compile(rb"\d+ FETCH ", re.IGNORECASE)
_UID: Final = re.compile(rb"\bUID (\d{1,12})", re.IGNORECASE)
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d{1,12})", re.IGNORECASE)
_UIDVALIDITY: Final = re.compile(rb"UIDVALIDITY (\d{1,12})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that lies in the mailbox."""

    uid: int
    size: int
    internal_date: datetime


class ImapMailbox:
    """One open mailbox; every method may raise `ImapError`."""

    def __init__(self, connection: ImapConnection, settings: "MailboxSettings", capabilities: frozenset[str]) -> None:
        self._connection = connection
        self._folder = encode_folder(settings.folder)
        self._handled_folder = encode_folder(settings.handled_folder)
        self._capabilities = capabilities
        self.uidvalidity = 0

    @classmethod
    async def open(cls, settings: "MailboxSettings", tokens: "TokenSource | None" = None) -> "ImapMailbox":
        """Sign in, make the handled folder where it is missing, and select the folder to read.

        A token that was fetched earlier and is refused now is fetched anew, once.
        """
        try:
            return await cls._open(settings, tokens)
        except MailboxRefusedError:
            if tokens is None or not tokens.forget():
                raise
        return await cls._open(settings, tokens)

    @classmethod
    async def _open(cls, settings: "MailboxSettings", tokens: "TokenSource | None") -> "ImapMailbox":
        connection = await ImapConnection.open(settings.host, settings.port, settings.security)
        try:
            await sign_in(connection, settings, tokens, await _capabilities(connection))
            mailbox = cls(connection, settings, await _capabilities(connection))
            await mailbox.make_handled_folder()
            await mailbox.select()
        except BaseException:
            await connection.close()
            raise
        return mailbox

    @property
    def can_idle(self) -> bool:
        return "IDLE" in self._capabilities

    async def make_handled_folder(self) -> None:
        """Make it unless it is there; raises where the server has it neither way, before any mail is touched."""
        made = await self._connection.run("CREATE {}", self._handled_folder)
        if made.status == "OK" or made.code == "ALREADYEXISTS":
            return
        if (await self._connection.run("STATUS {} (UIDVALIDITY)", self._handled_folder)).status != "OK":
            text = "the handled folder is missing and cannot be made; set handled_folder to one the server allows"
            raise ImapAnswerError(f"{text}, for example INBOX.Kuukausi", made.code)

    async def select(self) -> None:
        """Select the folder to read and learn its UIDVALIDITY."""
        self._connection.count_anew()
        answer = await self._connection.checked("SELECT {}", self._folder)
        found = [match[1] for line in answer.lines if (match := _UIDVALIDITY.search(line.text))]
        if not found:
            raise ImapAnswerError("the folder tells no UIDVALIDITY")
        self.uidvalidity = int(found[-1])

    async def waiting(self) -> list[Waiting]:
        """All that lies in the folder, the oldest first."""
        self._connection.has_news = False
        uids = _uids(await self._connection.checked("UID SEARCH ALL"))
        found: dict[int, Waiting] = {}
        for start in range(0, len(uids), _LOOKED_AT_TOGETHER):
            numbers = ",".join(map(str, uids[start : start + _LOOKED_AT_TOGETHER]))
            answer = await self._connection.checked(f"UID FETCH {numbers} (UID RFC822.SIZE INTERNALDATE)")
            found |= {mail.uid: mail for line in answer.lines if (mail := _waiting(line.text)) is not None}
        return [found[uid] for uid in uids if uid in found]  # what is missing was taken away by somebody meanwhile

    async def fetch(self, uid: int, *, header_only: bool = False) -> bytes | None:
        """Raw bytes without marking the mail as seen, or None where it is gone."""
        what = "BODY.PEEK[HEADER]" if header_only else "BODY.PEEK[]"
        answer = await self._connection.checked(f"UID FETCH {uid} (UID {what})")
        return next((line.literals[0] for line in answer.lines if line.literals), None)

    async def put_away(self, uids: Sequence[int], *, keep: bool = False) -> None:
        """Move mails to the handled folder, all or none; `keep` exempts them from deletion there."""
        numbers = ",".join(map(str, uids))
        if keep:
            await self._connection.checked(f"UID STORE {numbers} +FLAGS.SILENT (\\Flagged)")
        if "MOVE" in self._capabilities:
            await self._connection.checked(f"UID MOVE {numbers} {{}}", self._handled_folder)
            return
        await self._connection.checked(f"UID COPY {numbers} {{}}", self._handled_folder)
        await self._expunge(uids)

    async def delete_handled_before(self, day: date) -> int:
        """Delete what came to the handled folder's mailbox before the day; returns how many mails went."""
        await self._connection.checked("SELECT {}", self._handled_folder)
        try:
            before = f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
            old = _uids(await self._connection.checked(f"UID SEARCH BEFORE {before} UNFLAGGED"))
            if old:
                await self._expunge(old)
            return len(old)
        finally:
            await self.select()

    async def wait_for_news(self, stop: "asyncio.Event", seconds: float) -> bool:
        """IDLE until mail comes, the time is over or `stop` is set."""
        return await self._connection.idle(stop, seconds)

    async def close(self) -> None:
        await self._connection.close()

    async def _expunge(self, uids: Sequence[int]) -> None:
        numbers = ",".join(map(str, uids))
        await self._connection.checked(f"UID STORE {numbers} +FLAGS.SILENT (\\Deleted)")
        await self._connection.checked(f"UID EXPUNGE {numbers}" if "UIDPLUS" in self._capabilities else "EXPUNGE")


async def _capabilities(connection: ImapConnection) -> frozenset[str]:
    """Asked before and after the sign-in: servers show some only to those who are in."""
    answer = await connection.checked("CAPABILITY")
    return frozenset(b" ".join(line.text for line in answer.lines).decode("ascii", "replace").upper().split())


def _uids(answer: Answer) -> list[int]:
    found = [line.text.split()[1:] for line in answer.lines if line.text.upper().startswith(b"SEARCH")]
    return sorted({int(number) for numbers in found for number in numbers if number.isdigit()})


def _waiting(text: bytes) -> Waiting | None:
    """What a FETCH line tells; None for any other line."""
    if not _FETCH.match(text):
        return None
    uid, size, moment = _UID.search(text), _SIZE.search(text), _internal_date(text)
    if uid is None or size is None:
        return None  # the server tells of changed flags unasked
    if moment is None:
        raise ImapAnswerError("a mail has no date")
    return Waiting(int(uid[1]), int(size[1]), moment)


def _internal_date(text: bytes) -> datetime | None:
    match = _INTERNAL_DATE.search(text)
    month = match[2].decode("ascii").title() if match else ""
    if not match or month not in _MONTHS:
        return None
    offset = timedelta(hours=int(match[8]), minutes=int(match[9])) * (-1 if match[7] == b"-" else 1)
    day, year, hour, minute, second = (int(match[group]) for group in (1, 3, 4, 5, 6))
    try:
        moment = datetime(year, _MONTHS.index(month) + 1, day, hour, minute, min(second, 59), tzinfo=timezone(offset))
    except ValueError:
        return None
    return moment.astimezone(UTC)
