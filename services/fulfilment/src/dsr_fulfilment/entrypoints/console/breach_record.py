"""A breach with all that its pages show, read from the database and opened."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from dsr_fulfilment.adapters import breach_tasks, breaches, evidence, messages
from dsr_fulfilment.adapters.breaches import LetterStates
from dsr_fulfilment.domain.breach import NoticeFacts
from dsr_fulfilment.domain.breach_case import (
    LETTER_ITEMS,
    OPTIONAL_LETTER_ITEMS,
    Breach,
    BreachDetails,
    missing_letter_parts,
)
from dsr_fulfilment.entrypoints.console import breach_view as view
from dsr_fulfilment.entrypoints.console.breach_acts import REACH_REASONS
from dsr_fulfilment.entrypoints.console.breach_clock import day_and_time
from dsr_fulfilment.entrypoints.console.breach_forms import (
    EXEMPTION_CHOICES,
    LETTER_LABELS,
    NOTICE_AREAS,
    local_text,
    typed_in,
    typed_of,
)
from dsr_fulfilment.entrypoints.console.breach_history import EXEMPTIONS, breach_history
from dsr_fulfilment.entrypoints.console.forms import Posted
from dsr_fulfilment.entrypoints.console.masking import mask_email, mask_name
from dsr_fulfilment.entrypoints.console.words import LANGUAGES, LETTER_STATES
from dsr_fulfilment.handlers import breach_people
from dsr_fulfilment.handlers.breach_sealed import open_details
from dsr_fulfilment.handlers.breaches import contact_line, facts_of
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import Register
from dsr_shared.contracts.words import Language
from dsr_shared.keys import KeyDestroyed
from dsr_shared.postgres import Connection

SHOWN_PEOPLE: Final = 2000


@dataclass(frozen=True)
class Record:
    """A breach with all that its pages need."""

    breach: Breach
    details: BreachDetails
    facts: NoticeFacts
    letters: LetterStates
    register: Register
    now: datetime

    @property
    def title(self) -> str:
        return self.details.title or "A breach without a title"


async def record_of(tools: Tools, conn: Connection, breach: Breach, now: datetime) -> Record:
    """Open what was written; where the key is gone, say so."""
    try:
        details = await open_details(tools, conn, breach)
    except KeyDestroyed:
        details = BreachDetails(NoticeFacts(), title="Its key is destroyed: what was written can’t be read")
    breach, letters = replace(breach, said=details.said), await breaches.letter_states(conn, breach.breach_id)
    register = tools.registers.get(breach.controller_id)
    return Record(breach, details, facts_of(tools, breach, details), letters, register, now)


async def breach_values(tools: Tools, conn: Connection, record: Record) -> dict[str, Any]:
    """What the page of a breach shows."""
    breach, now = record.breach, record.now
    labels = {system.id: in_language(system.label, "en") for system in record.register.systems}
    chain = await evidence.entries(conn, breach.breach_id)
    tasks = view.task_views(await breach_tasks.of_breach(conn, breach.breach_id), record.letters, labels)
    counted = await breaches.persons_by_system(conn, breach.breach_id)
    parts = view.notice_parts(record.facts, record.details.notice)
    return {
        "next": view.next_step(breach, record.facts, record.letters, tasks, now),
        "hours": view.hours_of(breach, now),
        "by": day_and_time(breach.authority_due_at),
        "badge": view.state_badge(breach, now),
        "parts_of_notice": parts,
        "written": sum(part.badge.css == "done" for part in parts),
        "missing": view.missing_texts(record.facts),
        "tasks": tasks,
        "answers": await messages.answers_about(conn, breach.breach_id),
        "places": [(labels.get(system, system), counted.get(system)) for system in breach.systems],
        "letters_badge": view.letters_badge(record.letters),
        "missing_letters": _missing_letters(record),
        "languages": [LANGUAGES[language] for language in record.letters.languages],
        "history": breach_history(chain, evidence.check(chain, tools.ring), labels),
        "local_now": local_text(now),
        "copied": _copied(record),
        "exemptions": EXEMPTION_CHOICES,
        "exempted": EXEMPTIONS.get(breach.exemption or ""),
    }


async def people_values(tools: Tools, conn: Connection, record: Record, user: str) -> dict[str, Any]:
    """What the list of people shows: the letter once more, and everybody."""
    breach = record.breach
    labels = {system.id: in_language(system.label, "en") for system in record.register.systems}
    until = await breach_people.shown_until(conn, breach, user)
    try:
        people = await breach_people.people_of(tools, conn, breach)
    except KeyDestroyed:
        people = ()
    texts = [
        (LANGUAGES[language], language, [(LETTER_LABELS[item].partition(" (")[0], words) for item, words in said])
        for language in record.letters.languages or record.register.languages
        if (said := _said(record.details, language))
    ]
    return {
        "people": [_person(one, labels, is_shown=until is not None) for one in people[:SHOWN_PEOPLE]],
        "total": len(people),
        "until": until,
        "texts": texts,
        "missing_letters": _missing_letters(record),
        "reasons": REACH_REASONS,
    }


def form_values(register: Register) -> dict[str, Any]:
    """What the forms of a breach are made of."""
    return {
        "areas": NOTICE_AREAS,
        "letter_items": (*LETTER_ITEMS, *OPTIONAL_LETTER_ITEMS),
        "letter_labels": LETTER_LABELS,
        "languages": [(language, LANGUAGES[language]) for language in register.languages],
        "contact": (register.name, contact_line(register)),
    }


def write_values(record: Record, form: Posted) -> dict[str, Any]:
    typed = typed_in(form) if form.fields else typed_of(record.details)
    return {"typed": typed, "missing": view.missing_texts(record.facts), **form_values(record.register)}


def _missing_letters(record: Record) -> list[str]:
    missing = missing_letter_parts(record.details.letters, record.letters.languages)
    return [
        f"in {LANGUAGES[language]} " + ", ".join(LETTER_LABELS[item].lower() for item, _ in items)
        for language, items in groupby(missing, key=lambda one: one[1])
    ]


def _copied(record: Record) -> list[tuple[str, str]]:
    """The texts in the order of the authority's form; the plain text sheet has all of it."""
    facts = record.facts
    said = [(label, str(getattr(facts, name))) for name, label, *_ in NOTICE_AREAS]
    return [(label, text) for label, text in said if text.strip()]


def _said(details: BreachDetails, language: Language) -> list[tuple[str, str]]:
    texts = details.letters.get(language, {})
    return [(item, texts[item]) for item in (*LETTER_ITEMS, *OPTIONAL_LETTER_ITEMS) if texts.get(item)]


def _person(one: breach_people.Concerned, labels: Mapping[str, str], *, is_shown: bool) -> dict[str, Any]:
    """Masked; in clear only who has no address, for as long as a reason allows."""
    row, who = one.row, one.person
    in_clear = is_shown and not row.has_address
    return {
        "name": who.name if in_clear else mask_name(who.name or ""),
        "email": mask_email(who.email) if who.email else None,
        "in_clear": in_clear,
        "language": LANGUAGES[row.language],
        "places": ", ".join(labels.get(system, system) for system in row.systems),
        "letter": LETTER_STATES[row.letter_state] if row.letter_state else None,
    }
