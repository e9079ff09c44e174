"""What a package says besides the data themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dsr_shared.contracts.words import Language, Outcome, Right


@dataclass(frozen=True)
class PackageFacts:
    """The case as the person knows it; nothing here is read from a clock, so that a package can be made again alike."""

    reference: str
    received_on: date
    made_on: date
    rights: tuple[Right, ...]
    language: Language
    outcomes: Mapping[str, Outcome] = field(default_factory=dict, hash=False)
    """What the search of each system gave; one that is missing counts as found if it has data, else as unfinished."""
    left_out: Mapping[tuple[str, str], int] = field(default_factory=dict, hash=False)
    """(system, table) -> how many items speak of other people and were not reviewed (Art. 15(4))."""
