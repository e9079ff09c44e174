"""Rights named by their article of the GDPR, in any of the usual ways of writing."""

import re
from collections.abc import Iterator
from typing import Final

from dsr_shared.contracts.words import Right

RIGHT_OF_ARTICLE: Final[dict[int, Right]] = {
    15: "access",
    16: "rectification",
    17: "erasure",
    18: "restriction",
    20: "portability",
    21: "objection",
}
_LIST: Final = (
    r"\d{1,2}(?:\s?\(?\d\)?(?:\s?\([a-f]\))?(?![\d]))?"
    r"(?:\s*(?:,|ja|sekä|tai|och|samt|eller|and|or|&|/|\+|-|–)\s*(?:art\w*\.?\s*)?\d{1,2}(?:\s?\(\d\))?)*"
)
_AFTER: Final = re.compile(
    rf"\b(?:art(?:ic?le|icles|ikla\w*|iklo\w*|ikel\w*|iklar\w*)?s?\.?)\s*(?:n:o\s*)?({_LIST})", re.IGNORECASE
)
_BEFORE: Final = re.compile(rf"\b({_LIST})\s*\.?\s*:?(?:n\s+)?(?:artik(?:la|lo)\w*|art\b\.?)", re.IGNORECASE)
_BARE: Final = re.compile(
    r"\b(?:gdpr|dsgvo|tietosuoja-?asetu\w*)(?::n|n)?[\s,:]+(1[5-8]|2[01])\b(?!\s*\d)", re.IGNORECASE
)
_CONSENT_ARTICLE: Final = re.compile(
    r"\bart\w*\.?\s*7\s*\(?3\)?|\b7\s*\(3\)|\b7\.?\s*artikl\w*\s*3\.?\s*koh|\b7\s*\.?\s*(?:artikl\w*|art\b)|\bart\w*\.?\s*7\b(?!\d)",
    re.IGNORECASE,
)
_DIRECT_MARKETING: Final = re.compile(r"21\s*\(?[23]\)|21\.?\s*artikl\w*\s*[23]\.?\s*koh", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?<![\d(])\d{1,2}(?!\d)")


def articles(text: str) -> Iterator[tuple[int, str, int]]:
    """(article, words, position) for each article number in the text."""
    seen: set[int] = set()
    for pattern in (_AFTER, _BEFORE, _BARE):
        for match in pattern.finditer(text):
            for number in (int(found) for found in _NUMBER.findall(match[1])):
                if number in RIGHT_OF_ARTICLE and number not in seen:
                    seen.add(number)
                    yield number, match[0], match.start()


def names_consent_article(text: str) -> bool:
    return _CONSENT_ARTICLE.search(text) is not None


def names_marketing_paragraph(text: str) -> bool:
    return _DIRECT_MARKETING.search(text) is not None
