"""Reading the form by which a letter, a visit or a call is entered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, cast, get_args
from uuid import UUID

from dsr_fulfilment.entrypoints.console.dates import long_date
from dsr_fulfilment.entrypoints.console.forms import FieldError, Posted
from dsr_fulfilment.entrypoints.console.uploads import MAX_FILE_BYTES, Uploaded
from dsr_fulfilment.handlers.entry import EnteredChannel, Entry, Scan
from dsr_fulfilment.register.model import Register
from dsr_shared.calendar import DueDates, due_dates_of
from dsr_shared.contracts.requests import Whose
from dsr_shared.contracts.sealed import PersonV1
from dsr_shared.contracts.words import RIGHTS, Language, Right

CHANNELS: Final[tuple[tuple[EnteredChannel, str, str], ...]] = (
    ("letter", "A letter", "The day it arrived, not the day it was opened or written."),
    ("visit", "A visit", "The day the person came to you."),
    ("phone", "A phone call", "The day of the call, also where it was left on a machine."),
)
WHOSE: Final[tuple[tuple[Whose, str], ...]] = (
    ("self", "Their own"),
    ("other", "Somebody else’s"),
    ("organisation", "An organisation’s contact persons"),
)
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_BUSINESS_ID: Final = re.compile(r"\d{7}-\d")


@dataclass(frozen=True)
class Received:
    """The day that counts, and what it means."""

    channel: EnteredChannel
    day: date
    dates: DueDates
    is_old: bool
    """More than a month ago: asked twice."""


def is_address(text: str) -> bool:
    """A bare e-mail address that the mail server can take."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def read_received(form: Posted, today: date) -> tuple[Received | None, Sequence[FieldError]]:
    """How and when it came; an old day needs its second yes."""
    errors = []
    channel = next((one for one in get_args(EnteredChannel) if one == form.text("channel")), None)
    if channel is None:
        errors.append(FieldError("channel-letter", "Say how it reached you."))
    day = _day(form.text("received_on"))
    if day is None:
        errors.append(FieldError("received_on", "Write the day it reached you, for example 2026-11-20."))
    elif day > today:
        errors.append(FieldError("received_on", "It can’t have reached you in the future. Write the day it came."))
    if errors or channel is None or day is None:
        return None, errors
    dates = due_dates_of(day)
    received = Received(channel, day, dates, is_old=dates.nominal < today)
    if received.is_old and form.text("old_day") != day.isoformat():
        text = f"{long_date(day)} is more than a month ago. If that is right, tick the box."
        return received, [FieldError("old_day", text)]
    return received, ()


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= 2018 else None


@dataclass
class EntryReading:
    """The second page: what came, from whom, about what."""

    form: Posted
    scan: Uploaded | None
    register: Register
    errors: list[FieldError] = field(default_factory=list)

    def entry(self, received: Received) -> Entry | None:
        """None where something is missing; then `errors` say what."""
        entry_id, person, rights = self._entry_id(), self._person(), self._rights()
        language = next((one for one in self.register.languages if one == self.form.text("language")), None)
        if language is None:
            self._wrong(f"language-{self.register.languages[0]}", "Say in which language we answer.")
        whose = next((one for one, _ in WHOSE if one == self.form.text("whose")), None)
        if whose is None:
            self._wrong("whose-self", "Say whose data it is about.")
        self._check_scan()
        if not self.form.text("said") and self.scan is None:
            self._wrong("said", "Write what was said, or add a scan of the letter.")
        seen = self._document_seen(received)
        if self.errors or entry_id is None:
            return None
        return Entry(
            entry_id=entry_id,
            channel=received.channel,
            received_on=received.day,
            language=cast("Language", language),
            rights=rights,
            whose=cast("Whose", whose),
            person=person,
            said=self.form.text("said"),
            scan=self._scan(),
            document_seen=seen,
        )

    def _wrong(self, element: str, message: str) -> None:
        self.errors.append(FieldError(element, message))

    def _entry_id(self) -> UUID | None:
        try:
            return UUID(self.form.text("entry_id"))
        except ValueError:
            self._wrong("said", "This form is not whole. Open it again.")
            return None

    def _person(self) -> PersonV1:
        text = self.form.text
        if not text("name") and not text("organisation_name"):
            self._wrong("name", "Write the person’s name, or that they did not say it.")
        if text("email") and not is_address(text("email")):
            self._wrong("email", "This is no e-mail address. Write it as name@example.fi, or leave it empty.")
        if text("business_id") and not _BUSINESS_ID.fullmatch(text("business_id")):
            self._wrong("business_id", "Write the business ID as 1234567-8, or leave it empty.")
        names = sorted(self.register.identifier_names() - {"email", "name"})
        identifiers = {name: text(f"identifier-{name}") for name in names if text(f"identifier-{name}")}
        return PersonV1(
            name=text("name") or None,
            email=text("email") or None,
            identifiers=identifiers,
            sender_name=text("sender_name") or None,
            organisation_name=text("organisation_name") or None,
            business_id=text("business_id") or None,
            postal_address=text("postal_address") or None,
        )

    def _rights(self) -> tuple[Right, ...]:
        rights = tuple(right for right in RIGHTS if right in self.form.all("right"))
        is_unclear = bool(self.form.text("unclear"))
        if bool(rights) == is_unclear:
            self._wrong("right-access", "Choose what is asked, or say that it is not clear yet.")
        return rights

    def _check_scan(self) -> None:
        if self.scan is None:
            return
        if len(self.scan.data) > MAX_FILE_BYTES:
            self._wrong("scan", "The file is larger than 20 MB. Scan it in grey, or with fewer dots.")
        elif self.scan.media_type is None:
            self._wrong("scan", "This file is no PDF, JPEG or PNG. Save it as one of these, and choose it again.")

    def _scan(self) -> Scan | None:
        if self.scan is None or self.scan.media_type is None:
            return None
        return Scan(self.scan.name, self.scan.media_type, self.scan.data)

    def _document_seen(self, received: Received) -> str:
        if received.channel != "visit" or not self.form.text("id_seen"):
            return ""
        seen = self.form.text("document_seen")
        if not seen:
            self._wrong("document_seen", "Write which document you saw, and what you compared.")
        return seen
