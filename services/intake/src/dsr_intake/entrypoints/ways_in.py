"""The ways that mail takes into intake: mailboxes that are read, and mail that a server in front hands over."""

from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter
from pydantic import ValidationError

from dsr_intake.adapters.mailboxes import LmtpAddresses, MailboxSettings, load_entries
from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints.mailbox import MailboxReader
from dsr_intake.ports import ArrivalStore
from dsr_shared.health import Check
from dsr_shared.settings import SettingsError
from dsr_shared.supervise import Part


@dataclass(frozen=True, slots=True)
class WaysIn:
    """Parts of the process by name, and what may be said against its readiness."""

    parts: dict[str, Part]
    checks: dict[str, Check]


def ways_in(settings: IntakeSettings, store: ArrivalStore, registry: CollectorRegistry) -> WaysIn:
    """What the mailboxes file and INTAKE_LMTP_LISTEN ask for; raises `SettingsError` where they do not fit together."""
    entries = load_ways(settings.mailboxes_path) if settings.mailboxes_path else ()
    readers = _readers(entries, settings, store, registry)
    return WaysIn(
        parts={name: reader.run for name, reader in readers.items()} | _lmtp(entries, settings, store, registry),
        checks={name: _problem_of(reader) for name, reader in readers.items()},
    )


def load_ways(path: Path) -> tuple[MailboxSettings | LmtpAddresses, ...]:
    """The entries of the file; what is wrong with it is said without its values, for they hold passwords."""
    try:
        return load_entries(path)
    except OSError as error:
        problem = (
            f"INTAKE_MAILBOXES_PATH: {path} cannot be read ({error.strerror}); write a JSON list there, [] for none"
        )
        raise SettingsError(problem) from None
    except ValidationError as error:
        wrong = [f"{_place(problem['loc'])}: {problem['msg']}" for problem in error.errors()]
        raise SettingsError(f"INTAKE_MAILBOXES_PATH: {path}: {'; '.join(wrong)}") from None
    except ValueError as error:
        raise SettingsError(f"INTAKE_MAILBOXES_PATH: {path}: {error}") from None


def _place(location: tuple[int | str, ...]) -> str:
    """Number and field, without the kind that stands between them."""
    return ".".join(map(str, (*location[:1], *location[2:]))) or "the file"


def _readers(
    entries: tuple[MailboxSettings | LmtpAddresses, ...],
    settings: IntakeSettings,
    store: ArrivalStore,
    registry: CollectorRegistry,
) -> dict[str, MailboxReader]:
    failures = Counter(
        "dsr_mailbox_failures", "Times that a mailbox could not be read", ["mailbox", "reason"], registry=registry
    )
    readers = {}
    boxes = [entry for entry in entries if isinstance(entry, MailboxSettings)]
    for number, box in enumerate(boxes, 1):
        name = f"mailbox {number} {box.name}"
        readers[name] = MailboxReader(
            box,
            store,
            reread=lambda box=box: _as_it_stands(box, settings.mailboxes_path),  # type: ignore[misc]
            count_failure=lambda reason, name=name: failures.labels(name, reason).inc(),  # type: ignore[misc]
        )
    return readers


def _as_it_stands(box: MailboxSettings, path: Path | None) -> MailboxSettings | None:
    """The mailbox as the file describes it now; None where it no longer does, or has a mistake."""
    try:
        now = load_ways(path) if path else ()
    except SettingsError:
        return None
    same = [each for each in now if isinstance(each, MailboxSettings) and _identity(each) == _identity(box)]
    return same[0] if len(same) == 1 else None


def _identity(box: MailboxSettings) -> tuple[str, str, str, str]:
    return box.controller_id, box.host, box.username, box.folder


def _lmtp(
    entries: tuple[MailboxSettings | LmtpAddresses, ...],
    settings: IntakeSettings,
    store: ArrivalStore,
    registry: CollectorRegistry,
) -> dict[str, Part]:
    ours = [entry for entry in entries if isinstance(entry, LmtpAddresses)]
    if not settings.lmtp_listen and not ours:
        return {}
    if not settings.lmtp_listen:
        raise SettingsError('the mailboxes file has addresses of kind "lmtp": set INTAKE_LMTP_LISTEN, or remove them')
    if not ours:
        raise SettingsError('INTAKE_LMTP_LISTEN is set: put addresses of kind "lmtp" into the mailboxes file')
    from dsr_intake.adapters.lmtp_wire import LmtpListener  # only where it is used: the library takes some megabytes
    from dsr_intake.entrypoints.lmtp import MailTaker, by_address, serve_lmtp

    mails = Counter("dsr_lmtp_mails", "Mails that a server in front handed over", ["outcome"], registry=registry)
    host, port = settings.lmtp_host_and_port
    listener = LmtpListener(settings.lmtp_path, host, port, settings.lmtp_networks)
    taker = MailTaker(by_address(ours), store, lambda outcome: mails.labels(outcome).inc())
    return {"lmtp": serve_lmtp(listener, taker)}


def _problem_of(reader: MailboxReader) -> Check:
    async def check() -> str | None:
        return reader.problem

    return check
