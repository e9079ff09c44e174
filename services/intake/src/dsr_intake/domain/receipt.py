"""When a mail reached the controller (GDPR Art. 12(3)): by our own server's stamp, else by the mailbox's date."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

MAX_HEADER_BYTES: Final = 64 * 1024
MAX_LINE_CHARS: Final = 4096
_SKEW: Final = timedelta(minutes=10)
_COMMENT: Final = re.compile(r"\([^()]{0,1000}\)")
_BY: Final = re.compile(r"^\s*(?:from\s+\S+\s+)?by\s+(\S+)", re.IGNORECASE)
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


def received_at(raw: bytes, own_hosts: Sequence[str], internal_date: datetime) -> datetime:
    """Time of receipt, in UTC.

    The topmost Received field that one of our own hosts wrote counts; fields further down were written before the mail
    came to us, by whoever sent it. Without such a field, or without a usable date in it, the mailbox's own date counts.
    A field of ours below foreign ones may be copied from an earlier mail: it counts only if it is no later than the
    mailbox's date, so that nobody can move the clock on.
    """
    hosts = {host.strip().lower().rstrip(".") for host in own_hosts if host.strip()}
    for place, line in enumerate(_received_fields(raw)):
        if _writer(line) not in hosts:
            continue
        stamped = _date(line)
        if stamped is None or (place > 0 and stamped > internal_date + _SKEW):
            break
        return stamped.astimezone(UTC)
    return internal_date.astimezone(UTC)


def _received_fields(raw: bytes) -> Iterator[str]:
    """Values of the Received fields, unfolded, from the top."""
    open_value: str | None = None
    for line in raw[:MAX_HEADER_BYTES].decode("ascii", "replace").split("\n"):
        text = line.rstrip("\r")
        if not text:
            break
        if text[0] in " \t":
            if open_value is not None and len(open_value) < MAX_LINE_CHARS:
                open_value += " " + text.strip()
            continue
        if open_value is not None:
            yield open_value
        name, _, value = text.partition(":")
        open_value = value.strip()[:MAX_LINE_CHARS] if name.strip().lower() == "received" else None
    if open_value is not None:
        yield open_value


def _writer(line: str) -> str | None:
    """The host after 'by', where it stands outside comments and right after the sender's part."""
    for _ in range(8):
        bare = _COMMENT.sub(" ", line)
        if bare == line:
            break
        line = bare
    match = _BY.match(line)
    return match[1].lower().rstrip(".;,") if match else None


def _date(line: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(_COMMENT.sub(" ", line.rpartition(";")[2]).strip()[:100])
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if moment.utcoffset() is None:
        moment = moment.replace(tzinfo=UTC)
    return moment if moment >= _EARLIEST else None
