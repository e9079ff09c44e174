"""The pages of the package: everything that comes from data is escaped, no script, nothing fetched."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from pydantic import JsonValue

from dsr_fulfilment.adapters.package.facts import PackageFacts
from dsr_fulfilment.adapters.package.words import column_labels, say_day, words
from dsr_fulfilment.domain.items import ExportedSystem, ExportedTable
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import Activity, PostgresqlSystem, Register
from dsr_shared.contracts.words import Language

View = dict[str, object]


def index_page(facts: PackageFacts, register: Register, systems: Sequence[ExportedSystem], language: Language) -> str:
    return _template("index.html").render(
        **_frame(facts, register, language),
        places=[_place(facts, register, system.id, systems, language) for system in register.systems],
        systems=[_system(register, system, language) for system in systems],
        left_out=[
            {"count": count, "label": in_language(_table_label(register, *place), language)}
            for place, count in facts.left_out.items()
        ],
        total=sum(len(table.rows) for system in systems for table in system.tables),
        has_masked=any(_has_masked(register, system) for system in systems),
    )


def information_page(facts: PackageFacts, register: Register, language: Language) -> str:
    """What Art. 15(1)(a)-(h) and (2) ask for, from the register."""
    return _template("information.html").render(
        **_frame(facts, register, language),
        activities=[_activity(register, activity, language) for activity in register.activities],
        transfers=[
            {"name": one.name, "region": one.region, "safeguards": in_language(one.safeguards, language)}
            for one in register.recipients
            if one.safeguards
        ],
        authority=register.authority,
        authority_name=in_language(register.authority.name, language),
    )


def readme(facts: PackageFacts, register: Register, language: Language) -> str:
    return _template("README.txt").render(**_frame(facts, register, language))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("dsr_fulfilment.adapters.package"),
        autoescape=select_autoescape(enabled_extensions=("html",), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _style() -> str:
    return files("dsr_fulfilment.adapters.package").joinpath("templates", "page.css").read_text(encoding="utf-8")


def _frame(facts: PackageFacts, register: Register, language: Language) -> View:
    style = _style().replace("BRAND", register.brand_colour)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return {
        "w": words(language),
        "language": language,
        "style": style,
        "style_hash": f"sha256-{digest}",
        "register": register,
        "facts": facts,
        "received": say_day(facts.received_on, language),
        "made": say_day(facts.made_on, language),
        "hours": in_language(register.contact.hours, language),
    }


def _place(
    facts: PackageFacts, register: Register, system_id: str, systems: Sequence[ExportedSystem], language: Language
) -> View:
    has_data = any(system.system == system_id and system.tables for system in systems)
    outcome = facts.outcomes.get(system_id, "found" if has_data else "unknown")
    count = sum(len(table.rows) for system in systems if system.system == system_id for table in system.tables)
    return {"label": in_language(register.system(system_id).label, language), "outcome": outcome, "count": count}


def _system(register: Register, system: ExportedSystem, language: Language) -> View:
    return {
        "id": system.system,
        "label": in_language(dict(system.label), language),
        "source": in_language(register.system(system.system).source, language),
        "tables": [_table(register, system.system, table, language) for table in system.tables],
    }


def _table(register: Register, system_id: str, table: ExportedTable, language: Language) -> View:
    labels = column_labels(register, system_id, table, language)
    return {
        "label": in_language(dict(table.label), language),
        "labels": [labels[name] for name in table.columns],
        "rows": [[_cell(row.get(name), language) for name in table.columns] for row in table.rows],
        "withheld": [labels[name] for name in table.withheld],
    }


def _cell(value: JsonValue, language: Language) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return words(language)["yes" if value else "no"]
    return str(value)


def _activity(register: Register, activity: Activity, language: Language) -> View:
    asked = {system.id: system for system in register.systems}
    recipients = dict.fromkeys(
        [*activity.recipients, *(name for one in activity.systems if one in asked for name in asked[one].recipients)]
    )
    sources = dict.fromkeys(in_language(asked[one].source, language) for one in activity.systems if one in asked)
    return {
        "name": in_language(activity.name, language),
        "purpose": in_language(activity.purpose, language),
        "basis": words(language)[f"basis_{activity.legal_basis}"],
        "basis_detail": in_language(activity.basis_detail or {}, language),
        "persons": in_language(activity.persons, language),
        "categories": in_language(activity.categories, language),
        "recipients": [_recipient(register, name, language) for name in recipients],
        "retention": in_language(activity.retention, language),
        "source": in_language(activity.source, language) if activity.source else "; ".join(sources),
        "automated": in_language(activity.automated_decisions or {}, language),
        "consent": activity.legal_basis == "consent",
    }


def _recipient(register: Register, name: str, language: Language) -> str:
    recipient = register.recipient(name)
    return f"{recipient.name} ({in_language(recipient.purpose, language)}, {recipient.region})"


def _table_label(register: Register, system_id: str, table: str) -> dict[Language, str]:
    system = register.system(system_id)
    return system.table(table).label if isinstance(system, PostgresqlSystem) else system.label


def _has_masked(register: Register, system: ExportedSystem) -> bool:
    declared = register.system(system.system)
    return isinstance(declared, PostgresqlSystem) and any(
        declared.table(table.name).columns[name].export == "masked"
        for table in system.tables
        for name in table.columns
        if any(row.get(name) for row in table.rows)
    )
