"""The erasure plan: for every found item whether it is erased or kept, on which ground and until when.

The plan is shown before anything is deleted, and is carried out exactly as it was approved: its hash covers every item
with the values it had. An item is kept only as far and as long as a ground lasts. Among several grounds the one that
ends last counts; when it ends, the item is judged again, so a ground without a known end is never forgotten either.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from dsr_fulfilment.domain.canonical import CanonicalValue, canonical_json, sha256_hex
from dsr_fulfilment.domain.conditions import end_of, holds_true
from dsr_fulfilment.domain.holds import Hold, class_in_force, hold_of, hold_until
from dsr_fulfilment.domain.items import Item, ItemRef, PlannedItem
from dsr_fulfilment.domain.needed_rows import keep_needed_rows
from dsr_fulfilment.domain.rules import PlanRules

RECHECK_DAYS: Final = 30


@dataclass(frozen=True)
class ErasurePlan:
    """The planned items in the order they are carried out, and the hash that an approval names."""

    items: tuple[PlannedItem, ...]
    fingerprint: str

    @property
    def erased(self) -> tuple[PlannedItem, ...]:
        return tuple(item for item in self.items if item.action == "erase")

    @property
    def kept(self) -> tuple[PlannedItem, ...]:
        return tuple(item for item in self.items if item.action == "keep")


@dataclass(frozen=True)
class Ground:
    """Why one item is kept; without `hold` it lasts for an unknown time."""

    id: str
    hold: Hold | None = None


@dataclass(frozen=True)
class DeferredErasure:
    """What must happen later without anyone remembering. `is_recheck`: the ground has no known end, so on that day the
    item is judged again and, if nothing keeps it, erased."""

    ref: ItemRef
    category: str
    ground: str
    from_day: date
    is_recheck: bool


@dataclass(frozen=True)
class Differences:
    """How the data differ from those the plan was made from."""

    appeared: tuple[ItemRef, ...]
    gone: tuple[ItemRef, ...]
    changed: tuple[ItemRef, ...]

    @property
    def any(self) -> bool:
        return bool(self.appeared or self.gone or self.changed)


@dataclass(frozen=True)
class BlockedLine:
    """One line of "what cannot be deleted now, and what stands against it", before anything is deleted."""

    system: str
    table: str
    category: str
    ground: str
    needed_by: str | None
    kept_until: date | None
    count: int


@dataclass(frozen=True)
class Summary:
    """The plan in numbers; `redacted` rows are among the `erased` ones, `deferred` ones among the `kept` ones."""

    erased: int
    redacted: int
    kept: int
    deferred: int
    blocked: tuple[BlockedLine, ...]


def make_plan(items: Sequence[Item], rules: PlanRules) -> ErasurePlan:
    """Raises NoRuleForTable or RuleDoesNotFit where the register does not fit what was found: nothing is guessed."""
    alone = [_judge(item, rules) for item in items]
    planned = sorted(keep_needed_rows(items, alone, rules), key=lambda one: _order(one, rules))
    return ErasurePlan(tuple(planned), plan_fingerprint(planned))


def plan_fingerprint(planned: Iterable[PlannedItem]) -> str:
    """The same for the same items and decisions, in whatever order they were found."""
    return sha256_hex(canonical_json(sorted((_facts(one) for one in planned), key=canonical_json)))


def differences(plan: ErasurePlan, items_now: Iterable[Item]) -> Differences:
    before = {one.ref.identity: one.ref for one in plan.items}
    now = {item.ref.identity: item.ref for item in items_now}
    both = before.keys() & now.keys()
    return Differences(
        appeared=tuple(ref for identity, ref in now.items() if identity not in both),
        gone=tuple(ref for identity, ref in before.items() if identity not in both),
        changed=tuple(now[one] for one in sorted(both) if now[one].fingerprint != before[one].fingerprint),
    )


def plan_matches(plan: ErasurePlan, items_now: Iterable[Item]) -> bool:
    return not differences(plan, items_now).any


def deferred_erasures(plan: ErasurePlan, planned_on: date) -> tuple[DeferredErasure, ...]:
    """One for everything that is not wholly erased now: kept items and the shells of redacted rows."""
    left = (one for one in plan.items if one.action == "keep" or one.is_redacted)
    recheck = planned_on + timedelta(days=RECHECK_DAYS)
    return tuple(
        DeferredErasure(one.ref, one.category, one.ground or "", one.erase_from or recheck, one.erase_from is None)
        for one in left
    )


def summarise(plan: ErasurePlan) -> Summary:
    return Summary(
        erased=len(plan.erased),
        redacted=sum(one.is_redacted for one in plan.erased),
        kept=len(plan.kept),
        deferred=sum(one.erase_from is not None for one in plan.kept),
        blocked=_blocked(plan),
    )


def _blocked(plan: ErasurePlan) -> tuple[BlockedLine, ...]:
    counts = Counter(
        (one.ref.system, one.ref.table, one.category, one.ground or "", one.needed_by, one.kept_until)
        for one in plan.items
        if one.action == "keep" or one.is_redacted
    )
    return tuple(BlockedLine(*line, count) for line, count in counts.items())


def _judge(item: Item, rules: PlanRules) -> PlannedItem:
    """What becomes of an item by itself, whoever needs it."""
    planned = PlannedItem(item.ref, "erase", item.category, document_date=item.document_date)
    grounds = _grounds(item, rules)
    if not grounds:
        return planned
    last = max(grounds, key=lambda ground: ground.hold.kept_until if ground.hold else date.min)
    kept = replace(planned, action="keep", ground=last.id)
    return replace(kept, kept_until=last.hold.kept_until, erase_from=last.hold.erase_from) if last.hold else kept


def _grounds(item: Item, rules: PlanRules) -> list[Ground]:
    """Every ground that lasts today; one that ended is none."""
    every = (*_statutory_grounds(item, rules), *_claim_grounds(item, rules), *_condition_grounds(item, rules))
    return [ground for ground in every if ground.hold is None or ground.hold.kept_until >= rules.on]


def _statutory_grounds(item: Item, rules: PlanRules) -> Iterable[Ground]:
    """A document whose date is not known is kept until somebody knows it."""
    hold_id = rules.of(item).hold
    if hold_id is None:
        return
    if item.document_date is None:
        yield Ground(hold_id)
    elif in_force := class_in_force(rules.holds, hold_id, item.document_date):
        yield Ground(hold_id, hold_of(item.document_date, in_force, rules.year_end))


def _claim_grounds(item: Item, rules: PlanRules) -> Iterable[Ground]:
    return (Ground(claim.id, claim.hold) for claim in rules.claims if item.ref.identity in claim.covers)


def _condition_grounds(item: Item, rules: PlanRules) -> Iterable[Ground]:
    for keep in rules.of(item).keep_while:
        if holds_true(keep.condition, item.table, item.values):
            end = end_of(keep, item.table, item.values)
            yield Ground(keep.id, hold_until(end) if end else None)


def _order(planned: PlannedItem, rules: PlanRules) -> tuple[str, int, str, str]:
    """System by system, rows before the rows they need."""
    ref = planned.ref
    return (ref.system, -rules.depth(ref.system, ref.table), ref.table, ref.identity[2])


def _facts(planned: PlannedItem) -> CanonicalValue:
    ref = planned.ref
    days = (planned.kept_until, planned.erase_from, planned.document_date)
    return [
        *(ref.system, ref.table, ref.key, ref.fingerprint),
        *(planned.action, planned.is_redacted, planned.category, planned.ground, planned.needed_by),
        *(None if day is None else day.isoformat() for day in days),
    ]
