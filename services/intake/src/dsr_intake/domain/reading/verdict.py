"""Kind and rights of one message: gates first, then rules and model together; each verdict keeps its words."""

from dataclasses import dataclass
from typing import Final

from dsr_intake.domain.mail import Evidence
from dsr_intake.domain.reading import kinds
from dsr_intake.domain.reading.body import Body
from dsr_intake.domain.reading.lexicon import Sentence
from dsr_intake.domain.reading.model import Estimate, Model
from dsr_intake.domain.reading.source import Decoded, Person
from dsr_intake.domain.reading.threads import Thread
from dsr_intake.domain.reading.wishes import Wishes, read_wishes
from dsr_shared.contracts.words import LANGUAGES, RIGHTS, Language, MailKind, Right

FEW_WORDS: Final = 25
_FURTHER: Final = 0.2
"""A right with such a share stands beside the likeliest one."""
_LIKELY: Final = 0.2
_ASKS: Final = 0.55
"""With such a share of all rights together a mail asks for one, though the rules heard none."""
_ASKS_NOT: Final = 0.1
"""With less it asks for none, whatever the rules heard."""
_UNLIKELY: Final = 0.01
"""A right that only the rules heard, and of which the model holds so little, is none."""
_SUSPECT: Final = 0.15
"""A breach so likely is taken for one: a person looks."""
_DOUBT: Final = 0.6
"""How sure a verdict is at most on which rules and model differ: a person confirms."""


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


def decide(mail: Decoded, spoken: Spoken, model: Model) -> Verdict:
    """Machines and sellers are told by their marks; for the rest rules and model speak together."""
    wishes = spoken.wishes
    if kinds.is_bounce(mail):
        return Verdict("bounce", (), 0.98, _kind_words(mail.subject))
    if kinds.is_auto_reply(mail, wishes):
        return Verdict("auto_reply", (), 0.95 if not wishes.rights else 0.6, _kind_words(mail.subject))
    estimate = model.estimate(spoken.heard)
    selling = kinds.is_sales(mail, wishes, spoken.subject) or kinds.is_phishing(wishes)
    breach = kinds.breach_words(wishes, spoken.subject, is_sales=selling)
    if not selling and not breach and _is_suspect(estimate):
        breach = model.words_for("breach_report", spoken.heard)
    if breach:
        sureness = 0.9 if not wishes.rights and _is_suspect(estimate) else _DOUBT
        return Verdict("breach_report", (), sureness, _kind_words(breach))
    if selling:
        return Verdict("not_a_request", (), 0.85)
    return _asked(spoken, estimate, model) or _without_rights(spoken, estimate, model)


def _is_suspect(estimate: Estimate) -> bool:
    return estimate.likeliest == "breach_report" or estimate.of("breach_report") >= _SUSPECT


def _asked(spoken: Spoken, estimate: Estimate, model: Model) -> Verdict | None:
    """The rights that rules and model hear together; None where there are none."""
    ruled = _new_rights(spoken) or _newsletter_refused(spoken)
    if estimate.of_request < _ASKS_NOT:
        return None
    sure = tuple(right for right in ruled if estimate.of(right) >= _UNLIKELY)
    likely = _likely_rights(spoken, estimate, sure)
    rights = tuple(right for right in RIGHTS if right in {*sure, *likely})
    if not rights:
        return None
    agreed = set(rights) == set(ruled) and estimate.of_request >= 1 / 2
    sureness = min(spoken.wishes.weight or 0.8, 0.6 + spoken.language_sureness / 2) if agreed else _DOUBT
    return Verdict("request", rights, sureness, _evidence(spoken, rights, model))


def _likely_rights(spoken: Spoken, estimate: Estimate, ruled: tuple[Right, ...]) -> tuple[Right, ...]:
    if estimate.of_request < _ASKS and not ruled:
        return ()
    if _continues(spoken) and estimate.of("follow_up") > _LIKELY:
        return ()
    if ruled:
        return estimate.rights(_FURTHER)
    if spoken.wishes.has("MYRIGHTS") and len(spoken.text.split()) <= FEW_WORDS:
        return ()
    return tuple({estimate.best_right, *estimate.rights(_FURTHER)})


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


def _without_rights(spoken: Spoken, estimate: Estimate, model: Model) -> Verdict:
    """What asks nothing new: the continuation of a case, rights in general, or no request at all."""
    wishes = spoken.wishes
    words = _kind_words(model.words_for("follow_up", spoken.heard))
    if spoken.thread.has_case_mark or wishes.has("CANCEL"):
        return Verdict("follow_up", (), 0.9, words)
    if estimate.likeliest == "follow_up":
        return Verdict("follow_up", (), 0.8 if wishes.has("REMIND", "GDPR", "PAST") else _DOUBT, words)
    if wishes.rights or (wishes.has("REMIND") and wishes.has("ME", "SELF", "PAST") and wishes.has("PAST", "GDPR")):
        return Verdict("follow_up", (), 0.8, words)
    if _continues(spoken) and (wishes.has("REMIND", "GDPR", "ANSWER") or not wishes.has("SUPPORT")):
        return Verdict("follow_up", (), 0.7, words)
    if wishes.has("GDPR") and wishes.has("ME") and wishes.has("ASK") and not wishes.has("ARRANGED", "SECOND"):
        return Verdict("request", (), 0.5)
    is_sure = (
        estimate.likeliest == "not_a_request" and estimate.of_request < _LIKELY and not wishes.has("GDPR", "MYDATA")
    )
    return Verdict("not_a_request", (), 0.8 if is_sure else _DOUBT)


def _kind_words(words: str) -> tuple[Evidence, ...]:
    return (Evidence(None, words[:300]),) if words else ()


def _evidence(spoken: Spoken, rights: tuple[Right, ...], model: Model) -> tuple[Evidence, ...]:
    """The rules' words for a right, or the sentence that speaks for it most."""
    found = {item.right: item.words for item in spoken.wishes.evidence}
    return tuple(Evidence(right, found.get(right) or model.words_for(right, spoken.heard)) for right in rights)
