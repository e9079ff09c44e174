"""Scores the reader on labelled sets: `python -m tests.corpus.score first.yaml ... [--misses]`.

Without names it scores every set but the examinations (`HELD_APART`), which are read only when they are named.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.corpus.build import HERE, differences, own

from dsr_intake.adapters.language_model import detect_language
from dsr_intake.adapters.mime import decode_mail
from dsr_intake.adapters.text_model import text_model
from dsr_intake.domain.mail import MailReading
from dsr_intake.domain.reading.lexicon import Sentence
from dsr_intake.domain.reading.model import Model
from dsr_intake.domain.reading.read import listen, read_mail

HELD_APART: Final = ("held_apart.yaml", *(f"exam{name}.yaml" for name in ("", "_one", "_two", "_three", "_four")))
"""Sets that are read and neither learned from nor looked into."""
TUNED_BY: Final = ("tuning_like_samples.yaml", "tuning_long.yaml")
"""Sets that shares and lines are chosen by, and never learned from."""
NOISE: Final = ("not_a_request", "bounce", "auto_reply")
COLUMNS: Final = (
    "mails",
    "exact",
    "none missed",
    "kind",
    "language",
    "none invented",
    "breaches",
    "person",
    "in doubt",
)


@dataclass(slots=True)
class Share:
    """How many of how many."""

    good: int = 0
    total: int = 0

    def add(self, *, is_good: bool) -> None:
        self.good += is_good
        self.total += 1

    @property
    def value(self) -> float:
        return self.good / self.total if self.total else 1.0


@dataclass(slots=True)
class Score:
    """The figures of one set; `missed` counts requests, `invented` other mail, `breaches` breach reports.

    `noise` names the requests that would be kept as noise, with nobody to look at them.
    """

    exact: Share = field(default_factory=Share)
    missed: Share = field(default_factory=Share)
    kind: Share = field(default_factory=Share)
    language: Share = field(default_factory=Share)
    invented: Share = field(default_factory=Share)
    breaches: Share = field(default_factory=Share)
    person: Share = field(default_factory=Share)
    doubt: Share = field(default_factory=Share)
    noise: list[str] = field(default_factory=list)
    wrong: dict[str, dict[str, tuple[Any, Any]]] = field(default_factory=dict)

    def add(self, name: str, reading: MailReading, label: dict[str, Any]) -> None:
        self.exact.add(is_good=sorted(reading.rights) == label["rights"])
        self.kind.add(is_good=reading.kind == label["kind"])
        self.language.add(is_good=reading.language == label["language"])
        if label["kind"] == "request":
            self.missed.add(is_good=set(label["min_rights"]) <= set(reading.rights))
            if reading.kind in NOISE and not reading.needs_person:
                self.noise.append(name)
        else:
            self.invented.add(is_good=not reading.rights)
        if label["kind"] == "breach_report":
            self.breaches.add(is_good=reading.kind == "breach_report")
        differing = differences(reading, label)
        self.person.add(is_good=not {"subject_email", "subject_name", "on_behalf"} & differing.keys())
        self.doubt.add(is_good=reading.needs_person)
        if differing:
            self.wrong[name] = differing

    def row(self) -> str:
        shares = (self.exact, self.missed, self.kind, self.language, self.invented, self.breaches, self.person)
        shown = "".join(f"{share.value:>14.1%}" for share in (*shares, self.doubt))
        return f"{self.exact.total:>7}{shown}"


def read(raw: bytes, model: Model | None = None) -> MailReading:
    """Read one mail as the service does."""
    return read_mail(decode_mail(raw), (), (), detect_language, model or text_model())


def heard(raw: bytes) -> list[Sentence]:
    """The sentences of a mail that the model sees."""
    return listen(decode_mail(raw), (), (), detect_language)


def score(samples: Sequence[tuple[str, bytes, dict[str, Any]]], model: Model | None = None) -> Score:
    """Read every sample and count; with another model than the one that ships, where one is given."""
    figures = Score()
    for name, raw, label in samples:
        figures.add(name, read(raw, model), label)
    return figures


def learned() -> list[str]:
    """Every set that is learned from."""
    apart = {*HELD_APART, *TUNED_BY}
    return sorted(path.name for path in (HERE / "own").glob("*.yaml") if path.name not in apart)


def main() -> None:
    names = [name for name in sys.argv[1:] if not name.startswith("--")] or [*learned(), *TUNED_BY]
    print(f"{'':18}{'mails':>7}" + "".join(f"{column:>14}" for column in COLUMNS[1:]))
    for name in names:
        figures = score(own(name))
        print(f"{name:18}{figures.row()}")
        if "--misses" in sys.argv:
            for sample, differing in figures.wrong.items():
                print(f"    {sample} {differing}")


if __name__ == "__main__":
    main()
