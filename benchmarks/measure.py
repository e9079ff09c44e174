"""A measured number, the target it is held against, and the table of them all."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any, Literal


@dataclass(frozen=True)
class Measure:
    """One line of the table. Without a target it is told for scale."""

    name: str
    value: float
    unit: str
    target: float | None = None
    is_met_by: Literal["at least", "at most"] = "at least"

    @property
    def is_met(self) -> bool:
        if self.target is None:
            return True
        return self.value >= self.target if self.is_met_by == "at least" else self.value <= self.target

    def facts(self) -> dict[str, Any]:
        return {**asdict(self), "value": round(self.value, 4), "is_met": self.is_met}

    def line(self) -> str:
        wanted = "" if self.target is None else f"{self.is_met_by} {self.target:g}"
        verdict = "" if self.target is None else "met" if self.is_met else "MISSED"
        return f"  {self.name:<66} {self.value:>10.4g} {self.unit:<8} {wanted:<15} {verdict}".rstrip()


def table(measures: Sequence[Measure]) -> str:
    return "\n".join(measure.line() for measure in measures)


def as_json(measures: Sequence[Measure], machine: dict[str, Any]) -> str:
    return json.dumps({"machine": machine, "measures": [measure.facts() for measure in measures]}, indent=1)


def share(values: Sequence[float], part: float) -> float:
    """The value that `part` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(part * len(ordered)) - 1)]
