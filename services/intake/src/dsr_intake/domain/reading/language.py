"""Which of the three languages a text is in: function words first, an n-gram model where they are silent."""

import re
from collections.abc import Callable
from typing import Final

from dsr_shared.contracts.words import LANGUAGES, Language

Detector = Callable[[str], Language | None]
"""The statistical detector that an adapter brings."""

_FREQUENT_WORDS: Final[dict[Language, str]] = {
    "fi": """
        artikla artiklan ei en enää etta ette että haluaisin haluan hei hyvä ja joita joka jos jotka kaikki
        kaikkia kiitos koska koskevat kuin kun liitteenä miksi mikä minua minulla minulle minun minusta minut
        minä mitä moi mukaan mukaisesti mun mutta myös mä niin nimeni numeroni nyt ohessa oikea ole olen
        olette oli on oon osoite ovat poistakaa pyydän päivää saada sain se sekä siitä sitä tai teidan teidän
        teille teillä teiltä terve terveisin tiedot tietojani tietoni tämä tämän tätä vain vielä viesti
        voisitteko voitte voitteko ystävällisin
    """,
    "sv": """
        alla artikel att av begär ber bifogar bilagan blivit bort dem den denna dessa det detta där efter
        eller en enligt er era ert ett från få för hade har hej hos hälsning hälsningar här inte jag kan kunde
        länge längre med men mer mig min mina mitt mvh ni nu när någon något och också om på ska skulle som så
        tack till uppgifter utan vad var vara varför vilka vill vänlig vänliga är önskar
    """,
    "en": """
        a about all am an and any are as attached be been by can could data dear do don't for from has have
        hello hi i i'm if in is it it's longer me my no not of on or our please regards so thank thanks that
        the there they this to under want was we what which will with would you your
    """,
}
_FREQUENT: Final = {language: frozenset(words.split()) for language, words in _FREQUENT_WORDS.items()}
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LETTERS: Final[dict[Language, re.Pattern[str]]] = {
    "fi": re.compile(r"(?:ää|öö|yy|aa|uu|ii|kk|tt)|(?:sta|lla|ssa|lle|taan|kaa|ksi|iden|jen|nne|mme)\b"),
    "sv": re.compile(r"å|(?:ing|ningar|het|iskt|ade|erna|orna|lig|liga|tion)\b"),
    "en": re.compile(r"th|w|(?:ing|tion|ed|ly|ment)\b"),
}


def frequent_words(text: str) -> dict[Language, int]:
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text[:6000])]
    return {language: sum(word in _FREQUENT[language] for word in words) for language in LANGUAGES}


def tell_language(text: str, detect: Detector, fallback: Language = "en") -> tuple[Language, float]:
    """Language and how sure: by frequent words where they agree, else by the detector, else by letters."""
    counts = frequent_words(text)
    ranked = sorted(LANGUAGES, key=lambda language: -counts[language])
    best, second = counts[ranked[0]], counts[ranked[1]]
    if best >= 2 and best > second * 1.3:
        return ranked[0], min(1.0, 0.6 + (best - second) / 10)
    detected = detect(text[:2000]) if len(_WORD.findall(text[:200])) >= 1 else None
    if detected is not None:
        return detected, 0.6
    letters = {language: len(_LETTERS[language].findall(text.lower())) + counts[language] * 2 for language in LANGUAGES}
    top = max(LANGUAGES, key=lambda language: letters[language])
    return (top, 0.4) if letters[top] else (fallback, 0.2)


def sentence_language(text: str, main: Language) -> Language:
    """A sentence in another of the three languages than the mail's main one is read in its own."""
    counts = frequent_words(text)
    best = max(LANGUAGES, key=lambda language: counts[language])
    return best if counts[best] >= 3 and counts[best] > 2 * counts[main] else main
