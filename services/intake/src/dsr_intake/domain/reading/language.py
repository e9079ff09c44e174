"""Which of the three languages a text is in: function words first, an n-gram model where they are silent."""

import re
from collections.abc import Callable
from typing import Final

from dsr_shared.contracts.words import LANGUAGES, Language

Detector = Callable[[str], Language | None]
"""The statistical detector that an adapter brings."""

_FREQUENT: Final[dict[Language, frozenset[str]]] = {
    "fi": frozenset(
        """ja on ei että se en olen oli mutta minun minä minulla minulle minusta teidän teillä teille teiltä voitte voitteko voisitteko kiitos hei moi terve kun niin myös jos mitä mikä joka jotka ovat olette sekä
        tämä tätä tämän nyt enää vain koska kaikki kaikkia mun mä oon teidan etta kuin hyvä päivää haluan haluaisin pyydän poistakaa tietoni tietojani tiedot osoite tai joita saada sain minua minut mukaan siitä
        artiklan artikla oikea numeroni nimeni vielä koskevat ole ette miksi sitä mukaisesti viesti liitteenä ohessa terveisin ystävällisin""".split()
    ),
    "sv": frozenset(
        """och jag att är det som en ett på för med inte av ni er mig min mitt mina har till om den från kan ska skulle vill vara tack hej ert era eller men när mer alla uppgifter här nu också så vad vilka få hos
        mvh hälsning hälsningar vänlig vänliga begär önskar enligt artikel ber kunde detta denna dessa bort efter där utan någon något länge längre varför hade blivit var dem bilagan bifogar""".split()
    ),
    "en": frozenset(
        """the and i to you my of is a in that your have for me it with please on this would not be are any do from was as can could what all data hello hi dear thanks thank regards if which or has been will by
        about so an under no longer it's i'm don't am want there attached they we our""".split()
    ),
}  # fmt: skip
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
