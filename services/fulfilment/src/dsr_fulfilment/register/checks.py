"""What no single field shows: names that must exist, languages, regions, hosts, and what an erasure needs to know."""

import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel

from dsr_fulfilment.domain.holds import FinancialYearEnd
from dsr_fulfilment.register.base import Text
from dsr_fulfilment.register.model import PaperSystem, PostgresqlSystem, Register
from dsr_fulfilment.register.opt_out_checks import check_opt_outs
from dsr_fulfilment.register.problems import Finding, Path
from dsr_fulfilment.register.sign_in_checks import check_sign_in
from dsr_fulfilment.register.table_checks import check_tables

EU_EEA: Final = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
        "IS",
        "LI",
        "NO",
        "EU/EEA",
    ]
)
_HOST = re.compile(r"^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*$")


def cross_check(register: Register, known_elsewhere: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Give everything that does not belong together; names in `known_elsewhere` stand in a part that did not fit."""
    yield from _year_end(register)
    yield from _duplicates(register)
    yield from _regions(register)
    yield from _unknown_names(register, known_elsewhere)
    yield from _systems_without_purpose(register)
    yield from _languages(register)
    yield from _hosts(register)
    for place, system in enumerate(register.systems):
        if isinstance(system, PostgresqlSystem):
            yield from check_tables(system, ("systems", place), known_elsewhere)
    yield from check_opt_outs(register)
    yield from _webhook(register)
    yield from check_sign_in(register, known_elsewhere)


def _year_end(register: Register) -> Iterator[Finding]:
    try:
        FinancialYearEnd.parse(register.financial_year_end)
    except ValueError:
        what = f"no year has the day {register.financial_year_end}"
        yield Finding(("financial_year_end",), what, "Write month and day, for example 12-31")


def _duplicates(register: Register) -> Iterator[Finding]:
    yield from repeated(("recipients",), "id", [one.id for one in register.recipients])
    yield from repeated(("activities",), "id", [one.id for one in register.activities])
    yield from repeated(("systems",), "id", [one.id for one in register.systems])
    yield from repeated(("holds",), "id", [f"{one.id} from {one.valid_from}" for one in register.holds])
    yield from repeated(("languages",), None, list(register.languages))


def _webhook(register: Register) -> Iterator[Finding]:
    if register.webhook is None:
        return
    host = urlsplit(register.webhook.url).hostname or ""
    if not _HOST.match(host) or "." not in host or host.rpartition(".")[2].isdigit():
        what = f"the webhook goes to {host or 'no host'}, which is no name of the public internet"
        yield Finding(("webhook", "url"), what, "Write a host name, for example https://hooks.company.example/kuukausi")


def repeated(path: Path, field: str | None, names: list[str]) -> Iterator[Finding]:
    for place, name in enumerate(names):
        if name in names[:place]:
            where = (*path, place) if field is None else (*path, place, field)
            yield Finding(where, f"{name!r} stands twice in {path[-1]}", "Give each its own name, or remove one")


def _regions(register: Register) -> Iterator[Finding]:
    rule = ", ".join(register.regions)
    for place, system in enumerate(register.systems):
        if not _is_inside(system.region, register.regions):
            what = f"the system {system.id} lies in {system.region}, but data may lie only in {rule}"
            yield Finding(("systems", place, "region"), what, "Move the system, or change `regions` and the notice")
    for place, recipient in enumerate(register.recipients):
        if not _is_inside(recipient.region, register.regions) and not recipient.safeguards:
            what = f"the recipient {recipient.id} is in {recipient.region}, outside {rule}, without safeguards"
            yield Finding(("recipients", place, "region"), what, "Name the safeguards (GDPR Art. 46), or stop sending")


def _is_inside(region: str, allowed: Iterable[str]) -> bool:
    return any(region == one or (one == "EU/EEA" and region in EU_EEA) for one in allowed)


def _unknown_names(register: Register, elsewhere: frozenset[str]) -> Iterator[Finding]:
    systems = {one.id for one in register.systems} | elsewhere
    recipients = {one.id for one in register.recipients} | elsewhere
    holds = {one.id for one in register.holds} | elsewhere
    for place, activity in enumerate(register.activities):
        yield from _unknown(("activities", place, "systems"), "system", activity.systems, systems)
        yield from _unknown(("activities", place, "recipients"), "recipient", activity.recipients, recipients)
    for place, system in enumerate(register.systems):
        path: Path = ("systems", place)
        yield from _unknown((*path, "recipients"), "recipient", system.recipients, recipients)
        if isinstance(system, PaperSystem):
            yield from _unknown_hold((*path, "hold"), system.hold, holds)
        else:
            for number, table in enumerate(system.tables):
                yield from _unknown_hold((*path, "tables", number, "hold"), table.hold, holds)


def _unknown(path: Path, kind: str, names: Iterable[str], known: set[str] | frozenset[str]) -> Iterator[Finding]:
    for place, name in enumerate(names):
        if name not in known:
            yield Finding(
                (*path, place), f"there is no {kind} {name!r}", f"Declare it under {kind}s, or correct the name"
            )


def _unknown_hold(path: Path, hold: str | None, known: set[str] | frozenset[str]) -> Iterator[Finding]:
    if hold is not None and hold not in known:
        yield Finding(path, f"there is no hold {hold!r}", "Declare it under `holds`, or correct the name")


def _systems_without_purpose(register: Register) -> Iterator[Finding]:
    used = {system for activity in register.activities for system in activity.systems}
    for place, system in enumerate(register.systems):
        if system.id not in used:
            what = f"no activity says what the system {system.id} is for"
            yield Finding(("systems", place, "id"), what, "Name it under `systems` of an activity")


def _languages(register: Register) -> Iterator[Finding]:
    for path, text in texts(register):
        missing = [language for language in register.languages if language not in text]
        if text and missing:
            what = f"{path[-1]} has no words in {', '.join(missing)}"
            yield Finding(path, what, f"Add the line `{missing[0]}:` there")


def texts(part: object, path: Path = ()) -> Iterator[tuple[Path, Text]]:
    """Give every text of the register with its path."""
    if isinstance(part, BaseModel):
        for name, info in type(part).model_fields.items():
            value = getattr(part, name)
            if info.annotation in (Text, Text | None) and value is not None:
                yield (*path, name), value
            else:
                yield from texts(value, (*path, name))
    elif isinstance(part, tuple):
        for place, one in enumerate(part):
            yield from texts(one, (*path, place))
    elif isinstance(part, Mapping):
        for key, one in part.items():
            yield from texts(one, (*path, key))


def _hosts(register: Register) -> Iterator[Finding]:
    for place, name in enumerate(register.mail_hosts):
        if not _HOST.fullmatch(name):
            what = f"{name!r} is not the name of a host"
            yield Finding(("mail_hosts", place), what, "Write the name as your mail server writes it into Received")
    for place, system in enumerate(register.systems):
        for number, host in enumerate(getattr(system, "hosts", ())):
            if reason := unsafe_host(host):
                remedy = "Write one host name or address without scheme, port or wildcard"
                yield Finding(("systems", place, "hosts", number), f"the host {host!r} {reason}", remedy)
    for field in ("public_url", "notice_url"):
        url = getattr(register, field)
        if url is not None and (reason := _unsafe_url(url)):
            yield Finding((field,), f"{field} {reason}", "Write the whole address, https://…")


def unsafe_host(host: str) -> str | None:
    """Say why a connector must not go there; None where it may. A directory is that of a local socket."""
    if re.fullmatch(r"(/[A-Za-z0-9._-]+)+", host) and ".." not in host.split("/"):
        return None
    try:
        address = ip_address(host)
    except ValueError:
        return None if _HOST.fullmatch(host) and not host.replace(".", "").isdigit() else "is not a host name"
    if address.is_link_local:
        return "is link-local: cloud machines keep their own secrets there"
    return "is not the address of one machine" if address.is_unspecified or address.is_multicast else None


def _unsafe_url(url: str) -> str | None:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname and not parts.username:
        return None
    if parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1"):
        return None
    return "is not an https:// address"
