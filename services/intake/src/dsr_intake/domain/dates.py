"""Dates as people write them in Finnish, Swedish and English."""

from datetime import date
from typing import Final

from dsr_shared.contracts.words import Language

WEEKDAYS: Final[dict[Language, tuple[str, ...]]] = {
    "fi": ("maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "lauantaina", "sunnuntaina"),
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
SHORT_WEEKDAYS: Final[dict[Language, tuple[str, ...]]] = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("må", "ti", "on", "to", "fr", "lö", "sö"),
    "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
}
MONTHS: Final[dict[Language, tuple[str, ...]]] = {
    "fi": (),
    "sv": (
        *("januari", "februari", "mars", "april", "maj", "juni", "juli"),
        *("augusti", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
}


def long_date(day: date, language: Language) -> str:
    """With the weekday: maanantaina 11.1.2027, måndag 11 januari 2027, Monday 11 January 2027."""
    return f"{WEEKDAYS[language][day.weekday()]} {plain_date(day, language)}"


def plain_date(day: date, language: Language) -> str:
    """Without the weekday: 11.1.2027, 11 januari 2027, 11 January 2027."""
    if language == "fi":
        return f"{day.day}.{day.month}.{day.year}"
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def cell_date(day: date, language: Language, *, names_month: bool) -> str:
    """In the month sheet: the day number, and the month where it begins."""
    if not names_month:
        return str(day.day)
    match language:
        case "fi":
            return f"{day.day}.{day.month}."
        case "sv":
            return f"{day.day}/{day.month}"
        case "en":
            return f"{day.day} {MONTHS['en'][day.month - 1][:3]}"
