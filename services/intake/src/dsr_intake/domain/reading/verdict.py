"""Kind and rights of one message: machines by their marks, people's mail by the models, with the words it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from dsr_intake.domain.mail import Evidence
from dsr_intake.domain.reading import kinds
from dsr_intake.domain.reading.body import Body
from dsr_intake.domain.reading.lexicon import Sentence
from dsr_intake.domain.reading.model import FOR_ANOTHER, Estimate, Model
from dsr_intake.domain.reading.source import Decoded, Person
from dsr_intake.domain.reading.threads import Thread
from dsr_intake.domain.reading.wishes import Wishes, read_wishes
from dsr_shared.contracts.words import LANGUAGES, RIGHTS, Language, MailKind, Right

Weighable = Literal["request", "breach_report", "follow_up", "not_a_request"]
"""Kinds that people write; machines are told by their marks."""
FEW_WORDS: Final = 25
_FEWEST_WORDS: Final = 3
"""In fewer words, subject and text together, only the rules hear a wish."""
_ASKED: Final = -0.34
"""A right of at least such a score is asked for."""
_REFUSED: Final = 1.0
"""The score of the opt-out that a curt answer to a newsletter means: only the quoted newsletter tells."""
_OF_REQUEST: Final = -0.2
_OF_BEST: Final = 0.85
"""A request's score: a little lower in itself, and higher by the best right's score."""
_OF_BREACH: Final = 0.5
"""A breach is rather suspected once too often: a person looks."""
_UNHEARD: Final = -0.78
"""Below such a score nobody speaks of a breach: there is nothing to suspect."""
_OF_ANSWER: Final = 0.15
_OF_SELLING: Final = 0.15
"""What the thread and the marks of advertising add, which the model does not see."""
_APART: Final = 0.25
"""A right is clear that is at least so far from the line between asked and not asked."""
_CLEAR: Final = 0.4
"""By so much the likeliest kind must lead to be sure."""
_QUITE_CLEAR: Final = 0.7
"""By so much, where nobody would look at the mail again, and for a breach."""
_EVEN: Final = 0.3
_ASKS_NOTHING: Final = -0.5
"""What has less for a request may be kept with nobody to look at it."""
_FAINT: Final = -0.62
"""A request whose likeliest right has less asks for none that anybody could name."""
_SURE: Final = 0.9
_DOUBT: Final = 0.6
"""How sure a verdict is at most that a person confirms."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The message that counts: whose words, from whom, in which language."""

    sender: Person
    thread: Thread
    body: Body
    text: str
    language: Language
    language_sureness: float
    wishes: Wishes
    subject: Wishes
    heard: list[Sentence]
    """Subject and text, sentence by sentence, as the model sees them."""
    is_forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the message is, what it asks, how sure that is, and the words it rests on."""

    kind: MailKind
    rights: tuple[Right, ...] = ()
    sureness: float = 0.8
    evidence: tuple[Evidence, ...] = ()
    for_another: float = -1.0
    """How much speaks for it that somebody writes for another person: -1 to 1."""


def decide(mail: Decoded, spoken: Spoken, model: Model) -> Verdict:
    """Machines are told by their marks; for the rest the models speak, and rules give their words where they fit."""
    wishes = spoken.wishes
    if kinds.is_bounce(mail):
        return Verdict("bounce", (), 0.98, _kind_words(mail.subject))
    if kinds.is_auto_reply(mail, wishes):
        return Verdict("auto_reply", (), 0.95 if not wishes.rights else _DOUBT, _kind_words(mail.subject))
    estimate = model.estimate(spoken.heard)
    return replace(_decide(mail, spoken, estimate), for_another=estimate.of(FOR_ANOTHER))


def _decide(mail: Decoded, spoken: Spoken, estimate: Estimate) -> Verdict:
    weighed = _weigh(mail, spoken, estimate)
    kind = weighed.likeliest
    if kind != "request" and kinds.has_subject_of_auto_reply(mail) and not spoken.wishes.rights:
        return Verdict("auto_reply", (), _SURE, _kind_words(mail.subject))
    if kind == "request" and not weighed.is_faint:
        return _request(spoken, weighed, estimate)
    if kind == "breach_report":
        words = _breach_words(mail, spoken) or estimate.words_for("breach_report")
        return Verdict("breach_report", (), _SURE if weighed.lead >= _QUITE_CLEAR else _DOUBT, _kind_words(words))
    return _without_rights(spoken, weighed, estimate)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What speaks for each right and kind, and what the rules heard."""

    rights: Mapping[Right, float]
    kinds: Mapping[Weighable, float]
    ruled: tuple[Right, ...]
    request: float
    """How much speaks for a request in itself."""
    words: int
    """How many words were said."""

    @property
    def likeliest(self) -> Weighable:
        return max(self.kinds, key=lambda kind: self.kinds[kind])

    @property
    def is_faint(self) -> bool:
        """Nothing that it asks for can be made out: too little speaks for any right, or too little is said at all."""
        return not self.ruled and (max(self.rights.values()) < _FAINT or self.words < _FEWEST_WORDS)

    @property
    def lead(self) -> float:
        """How far the likeliest kind is before the next."""
        first, second, *_ = sorted(self.kinds.values(), reverse=True)
        return first - second

    @property
    def is_clear(self) -> bool:
        """Whether the kind leads, and no right is near the line between asked and not asked."""
        return self.lead >= _CLEAR and min(abs(score - _ASKED) for score in self.rights.values()) >= _APART


def _weigh(mail: Decoded, spoken: Spoken, estimate: Estimate) -> _Weighed:
    refused = _newsletter_refused(spoken)
    rights = {right: _REFUSED if right in refused else estimate.of(right) for right in RIGHTS}
    breach = estimate.of("breach_report")
    scores: dict[Weighable, float] = {
        "request": estimate.of("request") + _OF_REQUEST + _OF_BEST * max(rights.values()),
        "breach_report": breach + _OF_BREACH * (breach >= _UNHEARD),
        "follow_up": estimate.of("follow_up") + _OF_ANSWER * _continues(spoken),
        "not_a_request": estimate.of("not_a_request") + _OF_SELLING * _sells(mail, spoken),
    }
    words = sum(len(token) > 1 for sentence in spoken.heard for token in sentence.tokens)
    return _Weighed(rights, scores, _new_rights(spoken) or refused, estimate.of("request"), words)


def _sells(mail: Decoded, spoken: Spoken) -> bool:
    return kinds.is_sales(mail, spoken.wishes, spoken.subject) or kinds.is_phishing(spoken.wishes)


def _breach_words(mail: Decoded, spoken: Spoken) -> str | None:
    return kinds.breach_words(spoken.wishes, spoken.subject, is_sales=_sells(mail, spoken))


def _request(spoken: Spoken, weighed: _Weighed, estimate: Estimate) -> Verdict:
    """The rights that speak loudly enough; the likeliest one at least."""
    wishes = spoken.wishes
    if not weighed.ruled and wishes.has("MYRIGHTS") and len(spoken.text.split()) <= FEW_WORDS:
        return Verdict("request", (), 0.5)
    rights = tuple(right for right in RIGHTS if weighed.rights[right] >= _ASKED)
    rights = rights or (max(RIGHTS, key=lambda right: weighed.rights[right]),)
    sureness = min(wishes.weight or _SURE, 0.6 + spoken.language_sureness / 2) if weighed.is_clear else _DOUBT
    return Verdict("request", rights, sureness, _evidence(spoken, rights, estimate))


def _new_rights(spoken: Spoken) -> tuple[Right, ...]:
    """Rights asked now; in an answer, those that the quoted older mail had asked are not new."""
    fresh = [match for match in spoken.wishes.matches if not match.is_past]
    rights = tuple(right for right in spoken.wishes.rights if any(match.right == right for match in fresh))
    if not rights and spoken.wishes.rights and not _continues(spoken) and not spoken.wishes.has("REMIND", "CANCEL"):
        return spoken.wishes.rights
    if not spoken.thread.is_answer or not _continues(spoken):
        return rights
    before = read_wishes(spoken.body.quoted, spoken.language).rights if spoken.body.quoted else ()
    return tuple(right for right in rights if right not in before)


def _newsletter_refused(spoken: Spoken) -> tuple[Right, ...]:
    """A curt 'Remove' or 'no thanks' in answer to a newsletter."""
    if not spoken.thread.is_answer or spoken.thread.has_case_mark or len(spoken.text.split()) > FEW_WORDS:
        return ()
    around = f"{spoken.thread.topic}\n{spoken.body.quoted[:2000]}"
    is_newsletter = read_wishes(around, spoken.language).has("MKT") or any(
        read_wishes(around, language).has("MKT") for language in LANGUAGES
    )
    refuses = spoken.wishes.has("ERASE", "STOP", "OFF", "NOTINT", "UNSUB") or any(
        sentence.has("NOT") and sentence.has("SEND") for sentence in spoken.wishes.sentences
    )
    return ("marketing_opt_out",) if is_newsletter and refuses else ()


def _continues(spoken: Spoken) -> bool:
    return spoken.thread.has_case_mark or (spoken.thread.is_answer and spoken.thread.answers_us)


def _without_rights(spoken: Spoken, weighed: _Weighed, estimate: Estimate) -> Verdict:
    """What asks nothing new: the continuation of a case, or no request at all."""
    wishes = spoken.wishes
    words = _kind_words(estimate.words_for("follow_up"))
    is_clear = weighed.lead >= _CLEAR and not weighed.ruled and weighed.likeliest != "request"
    if spoken.thread.has_case_mark:
        return Verdict("follow_up", (), 0.9 if is_clear else _DOUBT, words)
    if weighed.likeliest == "follow_up":
        return Verdict("follow_up", (), 0.8 if is_clear else _DOUBT, words)
    speaks_of_law = wishes.has("GDPR") and wishes.has("ME") and wishes.has("ASK") and weighed.lead < _EVEN
    if (wishes.has("MYRIGHTS") or speaks_of_law) and not wishes.has("ARRANGED", "SECOND"):
        return Verdict("request", (), 0.5)
    asks_nothing = weighed.request < _ASKS_NOTHING and not wishes.has("GDPR", "MYDATA")
    is_noise = is_clear and weighed.lead >= _QUITE_CLEAR and asks_nothing
    return Verdict("not_a_request", (), 0.8 if is_noise else _DOUBT)


def _kind_words(words: str) -> tuple[Evidence, ...]:
    return (Evidence(None, words[:300]),) if words else ()


def _evidence(spoken: Spoken, rights: tuple[Right, ...], estimate: Estimate) -> tuple[Evidence, ...]:
    """The rules' words for a right, or the sentence that speaks for it most."""
    found = {item.right: item.words for item in spoken.wishes.evidence}
    return tuple(Evidence(right, found.get(right) or estimate.words_for(right)) for right in rights)
