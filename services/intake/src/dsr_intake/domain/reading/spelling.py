"""Misspelt key words: a word one slip away from one that matters is read as that word."""

from functools import cache, lru_cache
from typing import Final

from dsr_shared.contracts.words import Language

_KEYWORDS: Final[dict[Language, str]] = {
    "fi": """
        poistakaa poistaa poistamaan poistattehan poistatte poistamista poistettava poistettavaksi
        poistaisitteko tietoni tietojani tietojeni tiedoistani henkilotietoni henkilotietojani henkilotiedot
        asiakastietoni tarkastaa tarkistaa tiedot tietoja tietojen korjatkaa korjata oikaiskaa paivittakaa
        muuttakaa suostumukseni suostumuksen peruutan peruuttaa rajoittakaa rajoittaa kasittelya kasittelyn
        markkinointi markkinointia uutiskirje uutiskirjetta mainoksia mainokset postituslista postituslistalta
        vastustan siirtaa siirtakaa taydentakaa puuttuu lisatkaa osoite osoitteeni puhelinnumero sahkoposti
        kopio kopion jaljennos havittakaa rekisterista lopettakaa tallennettu profilointi profilointia vaarin
        virheellinen
    """,
    "sv": """
        radera raderar raderas uppgifter uppgifterna personuppgifter personuppgifterna registerutdrag
        behandling behandlingen samtycke samtycket aterkallar begransa rattelse korrigera uppdatera
        komplettera nyhetsbrev nyhetsbrevet marknadsforing reklam avprenumerera avregistrera information begar
        overfora leverantor invander motsatter profilering adressen telefonnummer saknas felaktig felaktigt
        lagrat sparat
    """,
    "en": """
        delete deleted deleting deletion erase erased erasure remove removed personal information details
        account unsubscribe marketing newsletter newsletters rectify rectification correct correction
        incorrect address restrict restriction processing portability transfer provider consent withdraw
        withdrawing revoke object objection profiling request access machine-readable receive missing complete
        telephone permission mailing subject stored update spelled permanently
    """,
}
_MIN_LENGTH: Final = 5


def _shortenings(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(1, len(word))}


@cache
def _index(language: Language) -> tuple[frozenset[str], dict[str, str]]:
    words = _KEYWORDS[language].split()
    return frozenset(words), {short: word for word in words for short in _shortenings(word) if len(word) >= _MIN_LENGTH}


@lru_cache(maxsize=20_000)
def respell(token: str, language: Language) -> str:
    """The key word that the token is one letter more, less or other than, or two letters swapped; else the token.

    The first letter must be right and a change must leave the word's ending, where grammar lives, alone.
    """
    words, shortened = _index(language)
    if len(token) < _MIN_LENGTH or token in words or not token.isalpha():
        return token
    if token in shortened:
        return _if_safe(token, shortened[token])
    for short in _shortenings(token):
        if short in words:
            return _if_safe(token, short)
        if short in shortened and len(shortened[short]) == len(token) and _is_one_slip(token, shortened[short]):
            return shortened[short] if sorted(token) == sorted(shortened[short]) else _if_safe(token, shortened[short])
    return token


def _is_one_slip(token: str, word: str) -> bool:
    differing = [at for at, (mine, right) in enumerate(zip(token, word, strict=True)) if mine != right]
    if len(differing) == 1:
        return True
    return (
        len(differing) == 2 and token[differing[0]] == word[differing[1]] and token[differing[1]] == word[differing[0]]
    )


def _if_safe(token: str, word: str) -> str:
    """Endings carry grammar and short words have neighbours: only slips early in the word count."""
    common = next(
        (at for at, (mine, right) in enumerate(zip(token, word, strict=False)) if mine != right),
        min(len(token), len(word)),
    )
    return word if common < max(3, len(word) * 3 // 4) else token
