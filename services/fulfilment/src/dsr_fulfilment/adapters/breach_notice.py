"""The notice to the authority as a document: every item of Art. 33(3), in the order of its form, to print or to copy.

Nothing is submitted: a person sends it. It names no person whose data were concerned.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Final, Literal, cast

from jinja2 import Environment, PackageLoader, StrictUndefined

from dsr_fulfilment.domain.breach import (
    ART_33_3,
    NoticeComplete,
    NoticeFacts,
    NoticeIncomplete,
    missing_items,
    notice_state,
)
from dsr_fulfilment.domain.breach_case import Breach
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import Register
from dsr_shared.calendar import HELSINKI
from dsr_shared.contracts.words import Language

PartState = Literal["there", "to_follow", "missing"]
_MONTHS: Final = {
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "en": "January February March April May June July August September October November December",
}


@dataclass(frozen=True)
class NoticePart:
    """One item with its words, or with what is said where there are none yet."""

    key: str
    title: str
    text: str
    state: PartState = "there"


@dataclass(frozen=True)
class Notice:
    """The whole document in one language."""

    language: Language
    title: str
    article: str
    not_submitted: str
    verdict: str
    head: tuple[NoticePart, ...]
    parts: tuple[NoticePart, ...]


@cache
def _words(language: Language) -> Mapping[str, str]:
    source = files("dsr_fulfilment").joinpath("templates", f"breach_notice.{language}.json")
    return cast("Mapping[str, str]", json.loads(source.read_text(encoding="utf-8")))


def notice_document(
    breach: Breach, facts: NoticeFacts, register: Register, *, language: Language, now: datetime, letters: int
) -> Notice:
    """Put the notice together; `facts` are complete with what is known, `letters` how many were approved."""
    words = _words(language)
    return Notice(
        language=language,
        title=words["title"],
        article=words["article"],
        not_submitted=words["not_submitted"],
        verdict=_verdict(facts, words),
        head=_head(breach, register, language, now),
        parts=_parts(breach, facts, register, language=language, now=now, letters=letters),
    )


def _verdict(facts: NoticeFacts, words: Mapping[str, str]) -> str:
    state = notice_state(facts)
    if isinstance(state, NoticeComplete):
        return words["complete"]
    if isinstance(state, NoticeIncomplete):
        return words["incomplete"].format(count=len(state.missing))
    return words["in_phases"].format(count=len(state.to_follow))


def _head(breach: Breach, register: Register, language: Language, now: datetime) -> tuple[NoticePart, ...]:
    words, authority = _words(language), register.authority
    checked = _day(authority.checked_on, language)
    sender = [register.name, register.contact.postal_address]
    if register.business_id:
        sender.insert(1, f"{words['business_id']} {register.business_id}")
    lines = (
        in_language(authority.name, language),
        authority.postal_address,
        f"{authority.phone}, {authority.email}",
        authority.website,
        f"({words['checked_on']} {checked})",
    )
    head = [
        NoticePart("authority", words["authority"], "\n".join(lines)),
        NoticePart("controller", words["controller"], "\n".join(sender)),
        NoticePart("reference", words["reference"], breach.reference),
        NoticePart("printed", words["printed"], say_moment(now, language)),
    ]
    if breach.authority_notified_at:
        head.append(
            NoticePart("when_notified", words["when_notified"], say_moment(breach.authority_notified_at, language))
        )
    if breach.said.receipt:
        head.append(NoticePart("receipt", words["receipt"], breach.said.receipt))
    return tuple(head)


def _parts(
    breach: Breach, facts: NoticeFacts, register: Register, *, language: Language, now: datetime, letters: int
) -> tuple[NoticePart, ...]:
    words = _words(language)
    items = {part.key: part for part in _items(facts, words)}
    span = f"{say_moment(breach.began_at, language)} {words['until']} {say_moment(breach.ended_at, language)}"
    labels = [in_language(system.label, language) for system in register.systems if system.id in breach.systems]
    return (
        NoticePart("aware", words["aware"], say_moment(breach.aware_at, language)),
        NoticePart("time_over", words["time_over"], say_moment(breach.authority_due_at, language)),
        NoticePart("span", words["span"], span),
        items["nature"],
        NoticePart("systems", words["systems"], ", ".join(labels)),
        *(items[key] for key in ("person_categories", "person_count", "record_categories", "record_count")),
        *(items[key] for key in ("consequences", "measures")),
        NoticePart("persons_told", words["persons_told"], _persons_told(breach, language, letters)),
        items["contact_name"],
        items["contact_details"],
        *_delay(breach, language, now),
        NoticePart("follows", words["follows"], _follows(facts, words)),
    )


def _items(facts: NoticeFacts, words: Mapping[str, str]) -> Sequence[NoticePart]:
    """The nine items of Art. 33(3); one that says nothing is named as missing, or as announced for later."""
    missing = missing_items(facts)
    return [
        NoticePart(item, words[item], str(getattr(facts, item)).strip())
        if item not in missing
        else NoticePart(item, words[item], words["to_follow"], "to_follow")
        if item in facts.to_follow
        else NoticePart(item, words[item], words["missing"], "missing")
        for item in ART_33_3
    ]


def _persons_told(breach: Breach, language: Language, letters: int) -> str:
    words = _words(language)
    if breach.letters_approved_at:
        when = say_moment(breach.letters_approved_at, language)
        return words["told_yes"].format(count=letters, when=when)
    if breach.risk is None:
        return words["told_open"]
    if breach.exemption is not None:
        return words["told_exempt"].format(reason=breach.said.exemption_reason)
    return words["told_planned"] if breach.risk == "high" else words["told_no"]


def _delay(breach: Breach, language: Language, now: datetime) -> tuple[NoticePart, ...]:
    """Only where the notice comes, or would come, after the time."""
    words, due = _words(language), breach.authority_due_at
    if (breach.authority_notified_at or now) <= due:
        return ()
    if breach.said.delay_reason:
        return (NoticePart("delay", words["delay"], breach.said.delay_reason),)
    text = words["delay_missing"].format(when=say_moment(due, language))
    return (NoticePart("delay", words["delay"], text, "missing"),)


def _follows(facts: NoticeFacts, words: Mapping[str, str]) -> str:
    left = [words[item] for item in missing_items(facts) if item in facts.to_follow]
    return "; ".join(left) or words["nothing_follows"]


def say_moment(moment: datetime, language: Language) -> str:
    """A Helsinki time with its offset, so that nothing is in doubt when the clocks change."""
    local = moment.astimezone(HELSINKI)
    offset = f"UTC+{int((local.utcoffset() or local - local).total_seconds() // 3600)}"
    at = {"fi": "klo", "sv": "kl.", "en": "at"}[language]
    separator = "." if language == "fi" else ":"
    return f"{_day(local, language)} {at} {local:%H}{separator}{local:%M} ({offset})"


def _day(day: date, language: Language) -> str:
    if language == "fi":
        return f"{day.day}.{day.month}.{day.year}"
    return f"{day.day} {_MONTHS[language].split()[day.month - 1]} {day.year}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("dsr_fulfilment"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def notice_html(notice: Notice, *, reference: str) -> str:
    """Ready to print."""
    return _environment().get_template("breach_notice.html").render(n=notice, reference=reference)


def notice_text(notice: Notice) -> str:
    """A sheet to copy from, in the order of the authority's form."""
    blocks = [notice.title, notice.not_submitted, notice.verdict]
    blocks += [f"{part.title}\n{part.text}" for part in notice.head]
    blocks += [f"{number}. {part.title}\n{part.text}" for number, part in enumerate(notice.parts, 1)]
    return "\n\n".join(blocks) + "\n"
