"""What the notice and the record both derive from a register."""

from collections.abc import Iterable

from dsr_fulfilment.register.base import Text
from dsr_fulfilment.register.checks import EU_EEA
from dsr_fulfilment.register.model import Activity, PaperSystem, PostgresqlSystem, Recipient, Register
from dsr_fulfilment.register.notice.words import NoticeWords


def systems_of(register: Register, activity: Activity) -> tuple[PaperSystem | PostgresqlSystem, ...]:
    return tuple(register.system(one) for one in activity.systems)


def recipients_of(register: Register, activity: Activity) -> tuple[Recipient, ...]:
    """Those the activity names and those its systems name, each once."""
    systems = systems_of(register, activity)
    names = [*activity.recipients, *(name for system in systems for name in system.recipients)]
    return tuple(register.recipient(name) for name in dict.fromkeys(names))


def used_recipients(register: Register) -> tuple[Recipient, ...]:
    """Recipients that get data from any activity, in the register's order."""
    used = {one.id for activity in register.activities for one in recipients_of(register, activity)}
    return tuple(one for one in register.recipients if one.id in used)


def sources_of(register: Register, activity: Activity, words: NoticeWords) -> str:
    """The activity's own words, else those of its systems (Art. 14(2)(f))."""
    if activity.source:
        return words.of(activity.source)
    return joined(words.of(system.source) for system in systems_of(register, activity))


def basis_of(activity: Activity, words: NoticeWords) -> str:
    detail = words.of(activity.basis_detail)
    basis = words(f"basis.{activity.legal_basis}")
    return f"{basis}: {detail}" if detail else basis


def is_outside(region: str) -> bool:
    """Whether data there are a transfer to a third country (Art. 44)."""
    return region not in EU_EEA


Outside = tuple[str, str, str, Text | None]


def outside_of(
    systems: Iterable[PaperSystem | PostgresqlSystem], recipients: Iterable[Recipient], words: NoticeWords
) -> tuple[Outside, ...]:
    """Id, name, region and safeguards of whatever lies in a third country."""
    places: list[Outside] = [(one.id, words.of(one.label), one.region, one.safeguards) for one in systems]
    places += [(one.id, one.name, one.region, one.safeguards) for one in recipients]
    return tuple(place for place in places if is_outside(place[2]))


def joined(parts: Iterable[str]) -> str:
    """Each once, in their order."""
    return "; ".join(dict.fromkeys(part for part in parts if part))
