"""The n-gram language model (lingua, low accuracy mode), loaded when the process needs it first."""

from functools import cache

from lingua import Language as Lingua
from lingua import LanguageDetector, LanguageDetectorBuilder

from dsr_shared.contracts.words import Language

_NAMES: dict[Lingua, Language] = {Lingua.FINNISH: "fi", Lingua.SWEDISH: "sv", Lingua.ENGLISH: "en"}


@cache
def _detector() -> LanguageDetector:
    builder = LanguageDetectorBuilder.from_languages(*_NAMES)
    return builder.with_low_accuracy_mode().build()


def detect_language(text: str) -> Language | None:
    """The likeliest of the three languages, or None where the text says nothing."""
    found = _detector().detect_language_of(text)
    return _NAMES[found] if found is not None else None
