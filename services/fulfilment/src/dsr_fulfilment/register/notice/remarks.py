"""What a register lacks for a complete notice and record; the software works without it, the law asks for it."""

from collections.abc import Iterator

from dsr_fulfilment.register.model import Activity, Register
from dsr_fulfilment.register.notice.facts import is_outside, used_recipients
from dsr_fulfilment.register.problems import Finding, Path

_NEEDS_DETAIL = {
    "legitimate_interests": "which interest that is (GDPR Art. 13(1)(d))",
    "legal_obligation": "which act obliges (GDPR Art. 13(2)(e))",
    "public_task": "which act gives the task (GDPR Art. 6(3))",
    "vital_interests": "whose interest that is (GDPR Art. 6(1)(d))",
}
_NEEDS_OBLIGATION = ("contract", "legal_obligation")


def remarks(register: Register) -> Iterator[Finding]:
    """Everything that a reader of the notice or the authority would miss."""
    for place, activity in enumerate(register.activities):
        yield from _activity(activity, ("activities", place))
    yield from _third_countries(register)
    yield from _unused(register)
    if register.security is None:
        what = "security is missing: the record says nothing of how data are protected (GDPR Art. 30(1)(g))"
        yield Finding((), what, "Add `security:` with general words in each language")


def _activity(activity: Activity, at: Path) -> Iterator[Finding]:
    if activity.legal_basis in _NEEDS_DETAIL and activity.basis_detail is None:
        what = f"{activity.id} rests on {activity.legal_basis}, but nothing says {_NEEDS_DETAIL[activity.legal_basis]}"
        yield Finding((*at, "legal_basis"), what, "Add `basis_detail:` to the activity")
    if activity.legal_basis in _NEEDS_OBLIGATION and activity.obligation is None:
        what = f"nothing says whether data of {activity.id} must be given, and what follows if not (GDPR Art. 13(2)(e))"
        yield Finding((*at, "id"), what, "Add `obligation:` to the activity")


def _third_countries(register: Register) -> Iterator[Finding]:
    places = (("systems", register.systems), ("recipients", register.recipients))
    for name, members in places:
        for place, one in enumerate(members):
            if is_outside(one.region) and one.safeguards is None:
                what = f"{one.id} is in {one.region}, outside the EU/EEA, without safeguards (GDPR Art. 13(1)(f))"
                yield Finding((name, place, "region"), what, "Add `safeguards:`: the decision or clauses it rests on")


def _unused(register: Register) -> Iterator[Finding]:
    used = {one.id for one in used_recipients(register)}
    for place, one in enumerate(register.recipients):
        if one.id not in used:
            what = f"no activity or system gives data to {one.id}, so the notice does not name it"
            yield Finding(("recipients", place, "id"), what, "Name it under `recipients`, or remove it")
