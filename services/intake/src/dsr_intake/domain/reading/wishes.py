"""From the matches of all sentences to the rights of the mail: gates, conflicts, weights."""

from dataclasses import dataclass, field, replace
from typing import Final

from dsr_intake.domain.mail import Evidence
from dsr_intake.domain.reading.language import sentence_language
from dsr_intake.domain.reading.lexicon import Sentence, sentences
from dsr_intake.domain.reading.rules import Match, read_sentence
from dsr_shared.contracts.words import RIGHTS, Language, Right

MAX_SENTENCES: Final = 1500
_ARTICLE: Final = 1000
"""Matches from this number on name a right by its article."""
_OBJECTS: Final = ("DATA", "DATUM", "MYDATA", "ACCOUNT", "MKT", "LIST", "CONSENT", "PROFILE", "SUPPORT")
_MERE_SPEAKERS: Final = frozenset({"i", "jag", "olen", "haluan", "haluaisin", "pyydan", "pyytaisin", "vaadin"})
_COMPANY_FORMS: Final = frozenset({"oy", "ab", "ky", "tmi", "oyj", "ltd", "inc", "llc", "plc", "gmbh", "company"})
_VALUE_RIGHTS: Final = frozenset({"rectification", "completion", "erasure"})
_FACTS: Final = ("DATA", "DATUM", "CHANGED", "WRONG", "FIX", "ERASE", "ADD", "MISSING")
_DATA_RIGHTS: Final = frozenset({"rectification", "completion", "erasure", "access", "restriction", "portability"})


@dataclass(slots=True)
class Wishes:
    """What a text asks for."""

    matches: list[Match] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def rights(self) -> tuple[Right, ...]:
        asked = {match.right for match in self.matches}
        return tuple(right for right in RIGHTS if right in asked)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The strongest words of each right."""
        best: dict[Right, Match] = {}
        for match in self.matches:
            if match.right not in best or match.weight > best[match.right].weight:
                best[match.right] = match
        return tuple(Evidence(right, best[right].words[:300]) for right in self.rights)

    @property
    def weight(self) -> float:
        """How sure the least sure right is."""
        best = {right: max(m.weight for m in self.matches if m.right == right) for right in self.rights}
        return min(best.values(), default=0.0)

    def has(self, *tags: str) -> bool:
        return any(sentence.has(*tags) for sentence in self.sentences)

    def count(self, *tags: str) -> int:
        return sum(sentence.has(*tags) for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class _Foreign:
    """What the mail as a whole is about, if not about its writer: a firm's data, or the trade with us."""

    is_company: bool
    is_trade: bool


def read_wishes(text: str, language: Language) -> Wishes:
    """Read a text sentence by sentence."""
    parsed = [Sentence(s, sentence_language(s, language)) for s in list(sentences(text))[:MAX_SENTENCES]]
    if any(sentence.has("BEHALF") for sentence in parsed):
        for sentence in parsed:
            sentence.take_as("THIRDDATA", "ABOUTME", "MYDATA")
            sentence.take_as("THIRD", "ME")
    wishes = Wishes(sentences=parsed)
    is_personal = any(sentence.has("ME", "MYDATA") for sentence in parsed)
    is_company = _is_about_company(parsed)
    is_trade = any(sentence.has("SUPPORT") for sentence in parsed) and not any(map(_speaks_of_self, parsed))
    for at, sentence in enumerate(parsed):
        directed = is_personal or _is_told(sentence)
        foreign = _Foreign(is_company, is_trade)
        wishes.matches += _read(sentence, foreign, is_directed=directed)
        if at and _points_back(sentence):
            before = len(parsed[at - 1].tokens)
            both = Sentence(f"{parsed[at - 1].text} ; {sentence.text}", sentence.language)
            found = _read(both, foreign, is_directed=directed, since=before)
            wishes.matches += [replace(match, weight=match.weight - 0.05) for match in found]
    wishes.matches = _weighed(wishes)
    return wishes


def _read(sentence: Sentence, foreign: "_Foreign", *, is_directed: bool, since: int = 0) -> list[Match]:
    found = list(read_sentence(sentence, is_directed=is_directed, since=since))
    return _settled(sentence, [m for m in found if not _is_foreign(sentence, m, foreign)])


def _points_back(sentence: Sentence) -> bool:
    """A verb of ours whose object is a pronoun or missing: 'Please delete it.'"""
    if sentence.has("SEE", "GET") and sentence.has("PRON") and sentence.has("ME"):
        return True
    if not sentence.has("ERASE", "FIX", "ADD", "STOP", "WITHDRAW", "RESTRICT", "OBJECT", "COPY"):
        return False
    return sentence.has("PRON") or not sentence.has(*_OBJECTS)


def _is_told(sentence: Sentence) -> bool:
    """A Finnish plural imperative, or a sentence that opens with a verb of ours."""
    if any(token.endswith(("kaa", "kaapa", "kaahan")) for token in sentence.tokens):
        return True
    opening = sentence.of("ERASE FIX ADD STOP RESTRICT SEE GET WITHDRAW")
    return bool(opening) and opening[0].start <= 1


def _is_about_company(parsed: list[Sentence]) -> bool:
    """Data of a firm and no word about a person who writes of their own data."""
    firm = any(sentence.has(*_FACTS) for sentence in parsed) and any(map(_tells_of_firm, parsed))
    own = any(sentence.has("MYDATA") or _owns(sentence) or _means_self(sentence) for sentence in parsed)
    return firm and not own


def _tells_of_firm(sentence: Sentence) -> bool:
    """A firm's facts, or its name beside facts; its bare name may be ours, as the letter's address."""
    firms = [sentence.tokens[hit.start] for hit in sentence.of("COMPANY")]
    return any(firm not in _COMPANY_FORMS for firm in firms) or (bool(firms) and sentence.has(*_FACTS))


def _means_self(sentence: Sentence) -> bool:
    """Words of one's own, other than one's firm."""
    firms = sentence.of("COMPANY")
    return any(
        sentence.tokens[me.start] not in _MERE_SPEAKERS and not any(0 <= firm.start - me.start <= 2 for firm in firms)
        for me in sentence.of("ME")
    )


def _owns(sentence: Sentence) -> bool:
    """'my address', 'osoitteeni', 'min adress': a datum with its owner beside it."""
    owners = [me for me in sentence.of("ME") if sentence.tokens[me.start] not in _MERE_SPEAKERS]
    return any(me == datum or 0 < datum.start - me.end <= 2 for datum in sentence.of("DATUM ACCOUNT") for me in owners)


def _speaks_of_self(sentence: Sentence) -> bool:
    return sentence.has("MYDATA", "ABOUTME") or _owns(sentence) or (sentence.has("MEOBJ") and sentence.has("ERASE"))


def _is_foreign(sentence: Sentence, match: Match, foreign: "_Foreign") -> bool:
    """Somebody else's data: a firm's, or 'your data' in advertising and notices, or a customer's."""
    if match.right in _DATA_RIGHTS and foreign.is_company and match.rule < _ARTICLE:
        return True
    if foreign.is_trade and match.right in _VALUE_RIGHTS and not sentence.has("DATA"):
        return True
    if sentence.has("SECOND", "ARRANGED") and not sentence.has("ME", "MYDATA", "SELF"):
        return True
    if sentence.has("THIRD") and not sentence.has("MYDATA", "ABOUTME", "ME", "SELF"):
        return True
    is_own = _speaks_of_self(sentence)
    if match.right in _DATA_RIGHTS and (sentence.has("BROKEN") or (sentence.has("SUPPORT") and not is_own)):
        return True
    return sentence.has("CANCEL")


def _settled(sentence: Sentence, found: list[Match]) -> list[Match]:
    """Within one sentence: the narrower right stands, the wider one that shares its words does not."""
    rights = {match.right for match in found}
    dropped: set[Right] = set()
    if "restriction" in rights:
        dropped |= {"objection"}
    if "consent_withdrawal" in rights and not sentence.has("UNSUB", "STOP", "SEND"):
        dropped |= {"marketing_opt_out", "objection"}
    if "consent_withdrawal" in rights and "?" not in sentence.text:
        dropped |= {"access", "rectification"}
    if "erasure" in rights:
        found = [match for match in found if not match.is_soft]
    if "consent_withdrawal" in rights and "erasure" in rights and not _erases_data(sentence):
        dropped |= {"erasure"}
    if "marketing_opt_out" in rights and "objection" in rights and not sentence.has("PROFILE", "INTEREST"):
        dropped |= {"objection"}
    if "portability" in rights and not sentence.has("ACCESSNAME", "COPY") and not _asks(found):
        dropped |= {"access"}
    return [match for match in found if match.right not in dropped or match.rule >= _ARTICLE]


def _asks(found: list[Match]) -> bool:
    return any(match.right == "access" and match.rule >= _ARTICLE for match in found)


def _erases_data(sentence: Sentence) -> bool:
    return any(hit for hit in sentence.of("ERASE")) and sentence.has("MYDATA", "DATA", "ACCOUNT")


def _weighed(wishes: Wishes) -> list[Match]:
    """Across sentences: a contested value beside a restriction is its reason, not a wish of its own."""
    matches = wishes.matches
    rights = {match.right for match in matches}
    if "restriction" in rights and not any(s.has("FIX") and not s.has("UNTIL") for s in wishes.sentences):
        matches = [match for match in matches if match.right != "rectification" or match.rule >= _ARTICLE]
    if "erasure" in rights:
        matches = [match for match in matches if match.right != "rectification" or not match.is_soft]
    return matches
