"""Which words ask for which right: the table of rules, and how one sentence is held against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dsr_intake.domain.reading.articles import (
    RIGHT_OF_ARTICLE,
    articles,
    names_consent_article,
    names_marketing_paragraph,
)
from dsr_intake.domain.reading.lexicon import Hit, Sentence
from dsr_shared.contracts.words import Right


@dataclass(frozen=True, slots=True)
class Rule:
    """A right is asked where a word of each group stands within `within` words of the first group's word."""

    right: Right
    groups: tuple[str, ...]
    within: int = 8
    weight: float = 0.9
    needs: str = ""
    """The sentence must hold one of these tags."""
    unless: str = ""
    """The sentence must hold none of these tags."""
    blocked: str = ""
    """None of these tags may stand within four words after the first group's word."""
    negated: bool = False
    """The first group's word must be denied, rather than must not be."""
    is_plain: bool = False
    """Counts although nothing in the sentence points at the writer: the words name the right themselves."""
    led_by: str = ""
    """The verb nearest before the first group's word must have one of these tags."""
    is_soft: bool = False
    """Yields to erasure: 'all my data' and 'my old address' are then what is to be erased."""


@dataclass(frozen=True, slots=True)
class Match:
    """A right with the words it rests on."""

    right: Right
    words: str
    weight: float
    rule: int
    is_past: bool = False
    is_soft: bool = False


_THINGS: Final = "MYDATA DATA ACCOUNT DATUM"
RULES: Final[tuple[Rule, ...]] = (
    Rule("erasure", ("ERASE", "MYDATA MEOBJ"), 9, 0.95, blocked="LIST MKT CONSENT SUPPORT"),
    Rule("erasure", ("ERASE", "DATA ACCOUNT"), 8, 0.9, blocked="LIST MKT CONSENT SUPPORT"),
    Rule("erasure", ("ERASE", "DATUM"), 6, 0.85, blocked="LIST MKT CONSENT SUPPORT", unless="FIX"),
    Rule("erasure", ("FORGOTTEN",), weight=0.95, is_plain=True),
    Rule("marketing_opt_out", ("UNSUB",), weight=0.95, is_plain=True),
    Rule("marketing_opt_out", ("STOP", "MKT LIST JUNK"), 8, 0.95, is_plain=True),
    Rule("marketing_opt_out", ("SEND", "MKT JUNK"), 9, 0.95, negated=True, is_plain=True),
    Rule("marketing_opt_out", ("MKT JUNK", "MKT JUNK"), 1, 0.85, negated=True, is_plain=True),
    Rule("marketing_opt_out", ("OFF ERASE", "LIST"), 7, 0.95, is_plain=True),
    Rule("marketing_opt_out", ("ERASE OFF", "MKT"), 5, 0.85, is_plain=True),
    Rule("marketing_opt_out", ("OBJECT", "MKT"), 8, 0.95, is_plain=True),
    Rule("consent_withdrawal", ("WITHDRAW", "CONSENT"), 12, 0.95),
    Rule("consent_withdrawal", ("GIVE", "CONSENT"), 6, 0.85, negated=True),
    Rule("portability", ("PORT",), weight=0.95),
    Rule("portability", ("FORMAT", _THINGS), 25, 0.9, needs="GET MOVE ASK SEE"),
    Rule("portability", ("MOVE", "MYDATA DATA"), 7, 0.9, needs="PROVIDER FORMAT"),
    Rule("portability", ("FORM", "MYDATA DATA"), 12, 0.85, needs="PROVIDER"),
    Rule("restriction", ("RESTRICT", "USE MYDATA DATA ACCOUNT"), 7, 0.9),
    Rule("restriction", ("USE", "MYDATA DATA DATUM"), 9, 0.9, negated=True, needs="UNTIL CLAIM KEEP"),
    Rule("restriction", ("ERASE", "MYDATA DATA"), 9, 0.8, negated=True, needs="CLAIM USE UNTIL"),
    Rule("restriction", ("KEEP", "CLAIM"), 14, 0.8, needs="MYDATA DATA USE"),
    Rule("restriction", ("KEEP", "NOUSE"), 16, 0.9),
    Rule("restriction", ("NOUSE", "MYDATA DATA DATUM PRON"), 9, 0.88, needs="UNTIL CLAIM KEEP"),
    Rule("objection", ("OBJECT", "USE PROFILE INTEREST MYDATA DATA"), 14, 0.92, unless="MKT"),
    Rule("objection", ("OBJECT", "PROFILE INTEREST"), 14, 0.9),
    Rule("objection", ("STOP", "PROFILE"), 9, 0.88, unless="UNTIL"),
    Rule("objection", ("PROFILE", "ME MYDATA"), 10, 0.85, negated=True, unless="UNTIL"),
    Rule("objection", ("USE", "MYDATA"), 9, 0.85, negated=True, unless="UNTIL CLAIM KEEP MKT CONSENT"),
    Rule("objection", ("STOP", "USE"), 4, 0.8, needs="MYDATA DATA", unless="UNTIL CLAIM KEEP MKT"),
    Rule("rectification", ("FIX", "DATUM"), 8, 0.9, unless="ADD"),
    Rule("rectification", ("FIX", "MYDATA"), 8, 0.9, unless="CONSENT PROVIDER FORMAT PORT"),
    Rule("rectification", ("FIX", "DATUM WRONG"), 6, 0.85, needs="DATUM DATA"),
    Rule("rectification", ("WRONG", "DATUM"), 9, 0.88, needs="ME DATA ASK FIX"),
    Rule("rectification", ("WRONG", "MYDATA DATA"), 6, 0.8, unless="ERASE"),
    Rule("rectification", ("CHANGED", "DATUM"), 5, 0.75, needs="ME FIX"),
    Rule("rectification", ("OLD", "DATUM"), 6, 0.78, needs="ME DATA ASK FIX", unless="ERASE", is_soft=True),
    Rule("rectification", ("RECTNAME",), weight=0.9),
    Rule("completion", ("ADD", "DATUM"), 9, 0.9),
    Rule("completion", ("ADD", "MYDATA DATA"), 7, 0.85),
    Rule("completion", ("MISSING", "DATUM MYDATA"), 8, 0.88),
    Rule("access", ("WHAT", "DATA", "ABOUTME"), 12, 0.92, needs="HOLD SEE GET ASK"),
    Rule("access", ("WHAT", "HOLD", "ABOUTME"), 9, 0.88),
    Rule("access", ("ALL", "ABOUTME"), 9, 0.88, needs="HOLD DATA", led_by="GET SEE COPY WISH", is_soft=True),
    Rule("access", ("COPY", "WHAT", "ME"), 12, 0.8, needs="HOLD"),
    Rule("access", ("HOLD USE", "MYDATA"), 6, 0.8, needs="QUESTION", unless="FIX ERASE ADD RESTRICT MOVE FORMAT WRONG"),
    Rule("access", ("COPY", "MYDATA"), 9, 0.93, unless="FORMAT PORT"),
    Rule("access", ("COPY", "DATA"), 6, 0.9, needs="ME ABOUTME ASK", unless="FORMAT PORT"),
    Rule("access", ("SEE", "MYDATA"), 8, 0.85, needs="ASK WHAT GET", unless="FIX ERASE PORT FORMAT MKT WRONG UNTIL"),
    Rule(
        "access",
        ("GET", "MYDATA"),
        6,
        0.85,
        needs="ASK",
        unless="FORMAT PORT PROVIDER FIX ERASE OBJECT RESTRICT CONSENT MKT SUPPORT ADD STOP NOT",
    ),
    Rule(
        "access",
        ("WISH", "MYDATA"),
        3,
        0.76,
        unless="ERASE FIX ADD RESTRICT OBJECT STOP MOVE PORT FORMAT CONSENT MKT SUPPORT NOT USE PROVIDER LIST KEEP",
        is_soft=True,
    ),
    Rule("access", ("SOURCE", "GOT", "ME DATUM MYDATA"), 8, 0.9),
    Rule("access", ("WHO", "SHARE", "MYDATA DATA DATUM"), 9, 0.9),
    Rule("access", ("ACCESSNAME",), weight=0.92),
)

_BARE: Final = 8
"""So few words beside an article are no talk about it: they invoke it."""
_PRONOUNS: Final = frozenset({"mig", "mej", "me", "minut", "mut", "minua", "mua", "them", "dem"})
_VERBS_LATE: Final = frozenset({"sv"})


def read_sentence(sentence: Sentence, *, is_directed: bool, since: int = 0) -> Iterator[Match]:
    """Every right that the sentence asks for.

    `is_directed`: the mail as a whole speaks to us about the writer. `since`: the deciding word must not stand before
    this token; what stands before is the sentence before, which a pronoun points back to.
    """
    speaks = is_directed or sentence.has("ME", "ASK", "SELF", "QUESTION")
    is_past = sentence.has("PAST")
    for number, rule in enumerate(RULES):
        found = _apply(rule, sentence, since) if speaks or rule.is_plain else None
        if found is not None:
            yield Match(rule.right, sentence.words(*found), rule.weight, number, is_past, rule.is_soft)
    if (speaks or len(sentence.tokens) <= _BARE) and since == 0:
        yield from _read_articles(sentence, is_past=is_past)


def _apply(rule: Rule, sentence: Sentence, since: int) -> tuple[int, int] | None:
    if rule.needs and not sentence.has(*rule.needs.split()):
        return None
    if rule.unless and sentence.has(*rule.unless.split()):
        return None
    for hit in sentence.of(rule.groups[0]):
        if hit.start < since or is_denied(sentence, hit) != rule.negated or _is_blocked(rule, sentence, hit):
            continue
        if (rule.led_by and not _is_led(rule, sentence, hit)) or (rule.right == "access" and _is_erased(sentence, hit)):
            continue
        span = _reach(rule, sentence, hit, rule.within if since == 0 else rule.within + 12)
        if span is not None:
            return span
    return None


def _is_led(rule: Rule, sentence: Sentence, hit: Hit) -> bool:
    leaders = sentence.of(rule.led_by)
    verbs = [verb for verb in (*sentence.of("ERASE FIX RESTRICT MOVE STOP"), *leaders) if verb.end < hit.start]
    return bool(verbs) and max(verbs, key=lambda verb: verb.end) in leaders


def _is_erased(sentence: Sentence, hit: Hit) -> bool:
    """'Delete what you know about me' asks for no copy."""
    return any(0 < hit.start - verb.end <= 3 for verb in sentence.of("ERASE")) and not any(
        0 < hit.start - verb.end <= 2 for verb in sentence.of("SEE GET COPY")
    )


def _reach(rule: Rule, sentence: Sentence, hit: Hit, within: int) -> tuple[int, int] | None:
    """First and last word of the match, where each further group has a word near enough."""
    start, end = hit.start, hit.end
    for group in rule.groups[1:]:
        near = [
            other
            for other in sentence.of(group)
            if _distance(hit, other) <= within and (other != hit or rule.within == 1)
        ]
        if not near:
            return None
        closest = min(near, key=lambda other: _distance(hit, other))
        start, end = min(start, closest.start), max(end, closest.end)
    return start, end


def _distance(one: Hit, other: Hit) -> int:
    return max(other.start - one.end, one.start - other.end, 0)


def _is_blocked(rule: Rule, sentence: Sentence, hit: Hit) -> bool:
    """A list, newsletter or thing of the trade right after the verb is its object, unless data come with it."""
    if not rule.blocked:
        return False
    clause = sentence.clauses[hit.end]
    blockers = [
        other
        for other in sentence.of(rule.blocked)
        if 0 < other.start - hit.end <= 6 and sentence.clauses[other.start] == clause
    ]
    if not blockers:
        return False
    things = [h for h in sentence.of("DATA ACCOUNT MYDATA") if sentence.tokens[h.start : h.end + 1][0] not in _PRONOUNS]
    wide = [other for other in things if 0 < other.start - hit.end <= 9 and not _overlaps(other, blockers)]
    return not wide


def _overlaps(hit: Hit, others: list[Hit]) -> bool:
    return any(hit.start <= other.end and other.start <= hit.end for other in others)


def is_denied(sentence: Sentence, hit: Hit) -> bool:
    """Whether 'not' or 'I tried to' governs the word: before it in its clause, or in Swedish right after it."""
    if any(0 < hit.start - tried.end <= 3 for tried in sentence.of("TRIED")):
        return True
    able = sentence.of("ABLE")
    for no in sentence.of("NOT"):
        if _overlaps(no, able) or sentence.clauses[no.start] != sentence.clauses[hit.start]:
            continue
        if 0 < hit.start - no.end <= 6 and not _turned(sentence, no, hit):
            return True
        if sentence.language in _VERBS_LATE and 0 < no.start - hit.end <= 2:
            return True
    return False


def _turned(sentence: Sentence, no: Hit, hit: Hit) -> bool:
    """'I do not use it and want it gone': a joining word with a wish after it ends the denial."""
    joints = {"ja", "vaan", "mutta", "joten", "och", "utan", "men", "sa", "and", "but", "so", "niin"}
    between = sentence.tokens[no.end + 1 : hit.start]
    return any(token in joints for token in between)


def _read_articles(sentence: Sentence, *, is_past: bool) -> Iterator[Match]:
    for number, words, _ in articles(sentence.text):
        right = RIGHT_OF_ARTICLE[number]
        if number == 21 and (names_marketing_paragraph(sentence.text) or sentence.has("MKT")):
            right = "marketing_opt_out"
        if number == 16 and sentence.has("ADD", "MISSING") and not sentence.has("FIX", "WRONG"):
            right = "completion"
        yield Match(right, words, 0.93, 1000 + number, is_past)
    if names_consent_article(sentence.text) and (sentence.has("CONSENT", "WITHDRAW") or len(sentence.tokens) <= _BARE):
        yield Match("consent_withdrawal", "7(3)", 0.9, 1007, is_past)
