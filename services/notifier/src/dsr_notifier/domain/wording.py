"""Dates and rights in the three languages, in the forms that the letters' sentences need."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from dsr_shared.contracts.words import Language, Right

_WEEKDAYS: Final[Mapping[Language, tuple[str, ...]]] = {
    "fi": ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS_SV: Final = (
    "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905 reads as a list of words
)
_MONTHS_EN: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 likewise
)

RIGHT_WORDS: Final[Mapping[Language, Mapping[Right, str]]] = {
    "fi": {
        "access": "kopio tiedoistasi",
        "rectification": "tietojesi korjaaminen",
        "completion": "tietojesi täydentäminen",
        "erasure": "tietojesi poistaminen",
        "restriction": "tietojesi käytön rajoittaminen",
        "objection": "tietojesi käytön vastustaminen",
        "marketing_opt_out": "suoramarkkinoinnin kielto",
        "portability": "tietojesi siirtäminen",
        "consent_withdrawal": "suostumuksesi peruminen",
    },
    "sv": {
        "access": "en kopia av dina uppgifter",
        "rectification": "rättelse av dina uppgifter",
        "completion": "komplettering av dina uppgifter",
        "erasure": "radering av dina uppgifter",
        "restriction": "begränsning av hur vi använder dina uppgifter",
        "objection": "invändning mot hur vi använder dina uppgifter",
        "marketing_opt_out": "stopp för direktmarknadsföring",
        "portability": "överföring av dina uppgifter",
        "consent_withdrawal": "återkallelse av ditt samtycke",
    },
    "en": {
        "access": "a copy of your data",
        "rectification": "correction of your data",
        "completion": "completion of your data",
        "erasure": "erasure of your data",
        "restriction": "a limit on how we use your data",
        "objection": "an objection to how we use your data",
        "marketing_opt_out": "an end to direct marketing",
        "portability": "a transfer of your data",
        "consent_withdrawal": "withdrawal of your consent",
    },
}
DONE_WORDS: Final[Mapping[Language, Mapping[Right, str]]] = {
    "fi": {
        "access": "Kopio tiedoistasi on toimitettu.",
        "rectification": "Korjasimme tietosi.",
        "completion": "Täydensimme tietosi.",
        "erasure": "Poistopyyntösi on käsitelty.",
        "restriction": "Rajoitimme tietojesi käyttöä. Kerromme sinulle, ennen kuin rajoitus päättyy.",
        "objection": "Emme enää käytä tietojasi siihen, mitä vastustit.",
        "marketing_opt_out": "Emme enää lähetä sinulle markkinointia.",
        "portability": "Tietosi on siirretty.",
        "consent_withdrawal": "Suostumuksesi on peruttu. Emme enää käytä tietojasi sen perusteella.",
    },
    "sv": {
        "access": "Kopian av dina uppgifter har levererats.",
        "rectification": "Vi har rättat dina uppgifter.",
        "completion": "Vi har kompletterat dina uppgifter.",
        "erasure": "Din begäran om radering är behandlad.",
        "restriction": "Vi har begränsat hur dina uppgifter används. Vi hör av oss innan begränsningen upphör.",
        "objection": "Vi använder inte längre dina uppgifter till det som du invände mot.",
        "marketing_opt_out": "Vi skickar inte längre marknadsföring till dig.",
        "portability": "Dina uppgifter har överförts.",
        "consent_withdrawal": "Ditt samtycke är återkallat. Vi använder inte längre dina uppgifter med stöd av det.",
    },
    "en": {
        "access": "The copy of your data has been delivered.",
        "rectification": "We have corrected your data.",
        "completion": "We have completed your data.",
        "erasure": "Your request for erasure has been dealt with.",
        "restriction": "We have limited how your data is used. We will tell you before the limit ends.",
        "objection": "We no longer use your data for what you objected to.",
        "marketing_opt_out": "We no longer send you marketing.",
        "portability": "Your data has been transferred.",
        "consent_withdrawal": "Your consent is withdrawn. We no longer use your data on the strength of it.",
    },
}


def short_day(day: date, language: Language) -> str:
    """The date without its weekday: 11.1.2027, 11 januari 2027, 11 January 2027."""
    if language == "fi":
        return f"{day.day}.{day.month}.{day.year}"
    months = _MONTHS_SV if language == "sv" else _MONTHS_EN
    return f"{day.day} {months[day.month - 1]} {day.year}"


def due_day(day: date, language: Language) -> str:
    """After viimeistään, senast, by: maanantaina 11.1.2027, måndag 11 januari 2027, Monday 11 January 2027."""
    weekday = _WEEKDAYS[language][day.weekday()]
    return f"{weekday}{'na' if language == 'fi' else ''} {short_day(day, language)}"


def on_day(day: date, language: Language) -> str:
    """When something happened: maanantaina 11.1.2027, måndagen den 11 januari 2027, on Monday 11 January 2027."""
    weekday = _WEEKDAYS[language][day.weekday()]
    if language == "sv":
        return f"{weekday}en den {short_day(day, language)}"
    return due_day(day, language) if language == "fi" else f"on {due_day(day, language)}"


def until_day(day: date, language: Language) -> str:
    """Before asti: maanantaihin 11.1.2027; after till och med and until: måndag 11 januari 2027, Monday ..."""
    if language != "fi":
        return due_day(day, language)
    weekday = _WEEKDAYS["fi"][day.weekday()]
    ending = "on" if weekday == "keskiviikko" else "hin"
    return f"{weekday}{ending} {short_day(day, 'fi')}"


def in_language(texts: Mapping[Language, str], language: Language) -> str:
    """The text in the language, or in the first that the register has: a wrong language is better than a gap."""
    return texts.get(language) or next(iter(texts.values()), "")


def rights_in_words(rights: tuple[Right, ...], language: Language) -> str:
    """What was asked, as a list in a sentence."""
    words = [RIGHT_WORDS[language][right] for right in rights]
    joint = {"fi": " ja ", "sv": " och ", "en": " and "}[language]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + joint + words[-1] if words else ""
