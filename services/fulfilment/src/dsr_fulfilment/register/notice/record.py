"""The record of processing activities of a controller (GDPR Art. 30(1)), made of its register."""

from collections.abc import Iterator
from dataclasses import dataclass

from dsr_fulfilment.register.model import Activity, Register
from dsr_fulfilment.register.notice.facts import basis_of, joined, outside_of, recipients_of, systems_of
from dsr_fulfilment.register.notice.words import NoticeWords, notice_words
from dsr_shared.contracts.words import Language


@dataclass(frozen=True)
class ProcessingRecord:
    """Who is responsible, and a row an activity; every row has as many cells as there are columns."""

    language: Language
    title: str
    article: str
    head: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def processing_record(register: Register, language: Language) -> ProcessingRecord:
    """The record in one language; what the register does not say is marked as not stated."""
    words = notice_words(language)
    names = ("activity", "purpose", "persons", "categories", "recipients", "transfers", "retention", "basis", "systems")
    return ProcessingRecord(
        language=language,
        title=words("record.title"),
        article=words("record.article"),
        head=tuple(_head(register, words)),
        columns=tuple(words(f"record.{name}") for name in names),
        rows=tuple(_row(register, one, words) for one in register.activities),
    )


def _head(register: Register, words: NoticeWords) -> Iterator[tuple[str, str]]:
    contact, officer = register.contact, register.data_protection_officer
    who = (register.name, register.business_id, contact.postal_address, contact.email, contact.phone)
    yield words("record.controller"), ", ".join(part for part in who if part)
    if officer:
        yield words("officer"), ", ".join(part for part in (officer.name, officer.email, officer.phone) if part)
    if register.representative:
        yield words("representative"), words.of(register.representative)
    if register.joint_controllers:
        yield words("joint"), words.of(register.joint_controllers)
    yield words("record.security"), words.of(register.security) or words("missing")


def _row(register: Register, activity: Activity, words: NoticeWords) -> tuple[str, ...]:
    systems, recipients = systems_of(register, activity), recipients_of(register, activity)
    named = joined(f"{one.name} ({words(f'role.{one.role}')}, {words.inside(one.purpose)})" for one in recipients)
    outside = joined(
        f"{label}, {words.region(region)}: {words.of(safeguards) or words('missing')}"
        for _, label, region, safeguards in outside_of(systems, recipients, words)
    )
    return (
        words.of(activity.name),
        words.of(activity.purpose),
        words.of(activity.persons),
        words.of(activity.categories),
        named or words("recipients.none"),
        outside or words("transfers.short"),
        words.of(activity.retention),
        basis_of(activity, words),
        joined(f"{words.of(one.label)} ({words.region(one.region)})" for one in systems),
    )
