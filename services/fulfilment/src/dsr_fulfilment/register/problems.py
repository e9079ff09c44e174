"""What is wrong with a register, where, and what to do.

RegisterError   carries every problem of one file
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Path = tuple[str | int, ...]
"""Keys and positions from the top of the file down to a value."""


@dataclass(frozen=True)
class Finding:
    """A problem before its line is known."""

    path: Path
    what: str
    remedy: str


@dataclass(frozen=True)
class Problem:
    """One mistake in one file, or a remark: something that is better said, and stops nothing."""

    file: str
    line: int
    what: str
    remedy: str
    kind: Literal["mistake", "remark"] = "mistake"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.remedy}."

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


class RegisterError(Exception):
    """A register with mistakes; it is not used before all are gone."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
