"""The privacy notice of a register in one language: chapters, headings and sentences, no markup.

Which item answers which duty: docs/user/notice.md. What does not apply (no officer, no transfers) is left out or said.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from dsr_fulfilment.register.model import Activity, PostgresqlSystem, Recipient, Register
from dsr_fulfilment.register.notice.facts import (
    basis_of,
    joined,
    outside_of,
    recipients_of,
    sources_of,
    systems_of,
    used_recipients,
)
from dsr_fulfilment.register.notice.words import NoticeWords, notice_words, upper_first
from dsr_shared.contracts.notices import NoticeEntryV1, NoticeItemV1, NoticePartV1, NoticeTextV1
from dsr_shared.contracts.words import Language

Line = tuple[str, str, str]
"""Id, label, text; an empty text is left out."""
_OBJECTION: Final = frozenset({"legitimate_interests", "public_task"})
_PORTABLE: Final = frozenset({"consent", "contract"})


def notice_texts(register: Register, form_url: str | None) -> dict[Language, NoticeTextV1]:
    """The notice in each language of the register; `form_url` is where requests are made, where that is known."""
    return {language: notice_text(register, language, form_url) for language in register.languages}


def notice_text(register: Register, language: Language, form_url: str | None) -> NoticeTextV1:
    words = notice_words(language)
    parts = (
        _part(words, "controller", _controller(register, words)),
        _part(words, "activities", (_activity(register, one, words) for one in register.activities)),
        _part(words, "kept", [_entry("kept", "", _kept(register, words))]),
        _part(words, "recipients", [_entry("recipients", "", _recipients(register, words))]),
        _part(words, "transfers", [_entry("transfers", "", _transfers(register, words))]),
        _part(words, "automated", [_entry("automated", "", _automated(register, words))]),
        _part(words, "rights", [_entry("rights", "", _rights(register, words))]),
        _part(words, "how", [_entry("how", "", _how(register, words, form_url))]),
        _part(words, "complaint", [_entry("complaint", "", _complaint(register, words))]),
        _part(words, "security", [_entry("security", "", [("security", "", words.of(register.security))])]),
    )
    return NoticeTextV1(title=words("title"), parts=tuple(part for part in parts if part.entries))


def _part(words: NoticeWords, name: str, entries: Iterable[NoticeEntryV1]) -> NoticePartV1:
    filled = tuple(entry for entry in entries if entry.items)
    return NoticePartV1(id=name, heading=words(f"part.{name}"), entries=filled)


def _entry(name: str, heading: str, lines: Iterable[Line]) -> NoticeEntryV1:
    items = tuple(NoticeItemV1(id=key, label=label, text=text) for key, label, text in lines if text)
    return NoticeEntryV1(id=name, heading=heading, items=items)


def _controller(register: Register, words: NoticeWords) -> Iterator[NoticeEntryV1]:
    contact, officer = register.contact, register.data_protection_officer
    lines = [
        ("company", words("company"), register.name),
        ("business_id", words("business_id"), register.business_id or ""),
        ("address", words("address"), contact.postal_address),
        ("email", words("email"), contact.email),
        ("phone", words("phone"), _phone(register, words)),
    ]
    yield _entry("company", "", lines)
    if officer:
        lines = [
            ("name", words("name"), officer.name or ""),
            ("email", words("email"), officer.email),
            ("phone", words("phone"), officer.phone or ""),
        ]
        yield _entry("officer", words("officer"), lines)
    yield _entry("representative", words("representative"), [("text", "", words.of(register.representative))])
    yield _entry("joint", words("joint"), [("text", "", words.of(register.joint_controllers))])


def _phone(register: Register, words: NoticeWords) -> str:
    hours = register.contact.hours.get(words.language, "")
    return ", ".join(part for part in (register.contact.phone, hours) if part) if register.contact.phone else ""


def _activity(register: Register, activity: Activity, words: NoticeWords) -> NoticeEntryV1:
    recipients = joined(f"{one.name} ({words.inside(one.purpose)})" for one in recipients_of(register, activity))
    systems = (f"{words.of(one.label)} ({words.region(one.region)})" for one in systems_of(register, activity))
    lines = [
        ("purpose", words("purpose"), words.of(activity.purpose)),
        ("basis", words("basis"), basis_of(activity, words)),
        ("persons", words("persons"), words.of(activity.persons)),
        ("categories", words("categories"), words.of(activity.categories)),
        ("source", words("source"), sources_of(register, activity, words)),
        ("obligation", words("obligation"), words.of(activity.obligation)),
        ("recipients", words("recipients"), recipients or words("recipients.none")),
        ("systems", words("systems"), joined(systems)),
        ("retention", words("retention"), words.of(activity.retention)),
    ]
    return _entry(activity.id, words.of(activity.name), lines)


def _kept(register: Register, words: NoticeWords) -> Iterator[Line]:
    """Holds that some material falls under, then the conditions that keep a row while they last."""
    tables = [t for one in register.systems if isinstance(one, PostgresqlSystem) for t in one.tables]
    papers = [one for one in register.systems if not isinstance(one, PostgresqlSystem)]
    used = {table.hold for table in tables} | {paper.hold for paper in papers}
    for rule in register.holds:
        if rule.id in used:
            since = f".{rule.valid_from}" if rule.valid_from else ""
            yield f"hold.{rule.id}{since}", words.of(rule.label), words.of(rule.ground)
    for system in register.systems:
        for table in system.tables if isinstance(system, PostgresqlSystem) else ():
            for condition in table.keep_while:
                name = f"while.{system.id}.{table.name}.{condition.id}"
                yield name, words.of(table.label), words.of(condition.ground)


def _recipients(register: Register, words: NoticeWords) -> Iterator[Line]:
    for one in used_recipients(register):
        yield one.id, one.name, _recipient(one, words)


def _recipient(one: Recipient, words: NoticeWords) -> str:
    return f"{words.of(one.purpose)}; {words(f'role.{one.role}')}; {words.region(one.region)}"


def _transfers(register: Register, words: NoticeWords) -> Iterator[Line]:
    recipients = used_recipients(register)
    codes = {one.region for one in (*register.systems, *recipients)}
    outside = outside_of(register.systems, recipients, words)
    if outside:
        yield "transfers", "", words("transfers.some")
    elif len(codes) == 1 and codes != {"EU/EEA"}:
        yield "transfers", "", words("transfers.one", countries=words.regions(codes))
    else:
        yield "transfers", "", words("transfers.none", countries=words.regions(codes))
    for name, label, region, safeguards in outside:
        yield name, label, joined([upper_first(words.region(region)), words.of(safeguards)])


def _automated(register: Register, words: NoticeWords) -> Iterator[Line]:
    found = [one for one in register.activities if one.automated_decisions]
    if not found:
        yield "none", "", words("automated.none")
    for one in found:
        yield one.id, words.of(one.name), words.of(one.automated_decisions)


def _rights(register: Register, words: NoticeWords) -> Iterator[Line]:
    bases = {one.legal_basis for one in register.activities}
    applies = {
        "objection": bool(bases & _OBJECTION),
        "portability": bool(bases & _PORTABLE),
        "consent": "consent" in bases,
    }
    rights = ("access", "rectification", "erasure", "restriction", "objection", "marketing", "portability", "consent")
    for right in rights:
        if applies.get(right, True):
            yield right, words(f"right.{right}"), words(f"right.{right}.text")


def _how(register: Register, words: NoticeWords, form_url: str | None) -> Iterator[Line]:
    contact = register.contact
    yield "form", words("how.form"), form_url or ""
    yield "email", words("how.email"), contact.email
    yield "post", words("how.post"), f"{register.name}, {contact.postal_address}"
    yield "phone", words("how.phone"), _phone(register, words)
    for name in ("when", "cost", "identity"):
        yield name, words(f"how.{name}"), words(f"how.{name}.text")


def _complaint(register: Register, words: NoticeWords) -> Iterator[Line]:
    authority = register.authority
    yield "text", "", words("complaint.text")
    yield "authority", words("authority"), words.of(authority.name)
    yield "address", words("address"), authority.postal_address
    yield "phone", words("phone"), authority.phone
    yield "email", words("email"), authority.email
    yield "website", words("website"), authority.website
