"""One mail to one verdict: the only function that others call is `read_mail`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dsr_intake.domain.mail import Evidence, MailReading
from dsr_intake.domain.reading import kinds
from dsr_intake.domain.reading.body import Body, take_apart
from dsr_intake.domain.reading.language import Detector, tell_language
from dsr_intake.domain.reading.persons import Concerned, concerned, written_name
from dsr_intake.domain.reading.source import Decoded, Person
from dsr_intake.domain.reading.threads import Thread, is_own_host, thread_of
from dsr_intake.domain.reading.wishes import Wishes, read_wishes
from dsr_shared.contracts.words import LANGUAGES, Language, MailKind, Right

_SURE: Final = 0.75
"""Below this a person confirms."""
_FEW_WORDS: Final = 25
_SHORT_SIGNATURE: Final = 8
"""A longer one may be a letter that goes on below a name: what it asks counts, and a person confirms."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The message that counts: whose words, from whom, in which language."""

    sender: Person
    thread: Thread
    body: Body
    text: str
    language: Language
    language_sureness: float
    wishes: Wishes
    subject: Wishes
    is_forwarded: bool = False


def read_mail(mail: Decoded, own_addresses: Sequence[str], own_hosts: Sequence[str], detect: Detector) -> MailReading:
    """Say what the mail is. Nothing is looked up and nothing is remembered."""
    ours = _own_hosts(mail, own_addresses, own_hosts)
    spoken = _choose(mail, ours, detect)
    kind, rights, sureness, kind_words = _decide(mail, spoken)
    about = _about(kind, spoken, ours)
    evidence = (*(Evidence(None, words) for words in kind_words), *_evidence(spoken, rights))
    doubtful = sureness < _SURE or mail.is_cut or (kind == "request" and (not rights or not about.is_sure))
    return MailReading(
        kind=kind,
        rights=rights,
        language=spoken.language,
        subject_email=about.email,
        subject_name=about.name,
        sender_email=mail.sender.email,
        sender_name=mail.sender.name,
        is_on_behalf=about.is_on_behalf,
        confidence=round(sureness, 2),
        needs_person=doubtful,
        evidence=evidence,
        subject_line=mail.subject,
        text=spoken.text,
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        references=mail.references,
        attachment_names=mail.attachment_names,
        to_addresses=mail.recipients,
        is_auto=kinds.is_auto(mail),
    )


def _own_hosts(mail: Decoded, own_addresses: Sequence[str], own_hosts: Sequence[str]) -> frozenset[str]:
    """Our hosts and domains; the address the mail was delivered to is ours by definition."""
    delivered = mail.header("delivered-to").strip("<> ")
    domains = (address.rpartition("@")[2] for address in (*own_addresses, delivered) if "@" in address)
    return frozenset(host.lower() for host in (*own_hosts, *domains))


def _choose(mail: Decoded, ours: frozenset[str], detect: Detector) -> _Spoken:
    """The outer message, unless it only passes on another's."""
    outer = _listen(mail, ours, detect)
    if kinds.is_bounce(mail) or outer.wishes.rights:
        return outer
    for inner in _passed_on(mail, outer, ours):
        heard = _listen(inner, ours, detect)
        if heard.wishes.rights or _is_colleague(mail, ours):
            return replace(heard, is_forwarded=True, thread=outer.thread)
    return outer


def _is_colleague(mail: Decoded, ours: frozenset[str]) -> bool:
    return is_own_host((mail.sender.email or "").rpartition("@")[2], ours)


def _passed_on(mail: Decoded, outer: _Spoken, ours: frozenset[str]) -> list[Decoded]:
    """Messages inside this one whose words may count: not our own letters, not newsletters."""
    found = [*mail.forwarded, *(deep for one in mail.forwarded for deep in one.forwarded)]
    inner = outer.body.inner
    may_be_forward = inner is not None and (inner.is_forward or outer.thread.is_forward or not outer.thread.is_answer)
    if inner is not None and may_be_forward:
        found.append(Decoded(sender=inner.sender, subject=inner.subject, text=inner.text))
    if not outer.body.own.strip() and outer.body.quoted and _is_colleague(mail, ours):
        found.append(Decoded(sender=mail.sender, subject="", text=outer.body.quoted))
    return [one for one in found if not _is_colleague(one, ours) and not kinds.is_bulk(one)]


def _listen(mail: Decoded, ours: frozenset[str], detect: Detector) -> _Spoken:
    thread = thread_of(mail, ours)
    shown = written_name(mail.sender, "")
    body = take_apart(mail.text, (shown,) if shown else ())
    text = _spoken_text(mail, body)
    language, sureness = tell_language(f"{text}\n{body.signature if len(text) < 40 else ''}", detect)
    if len(text.split()) < 6:
        language, sureness = tell_language(f"{text}\n{thread.topic}\n{body.signature}", detect)
    wishes = read_wishes(text, language)
    if not wishes.rights and len(body.signature.split()) > _SHORT_SIGNATURE:
        wishes.matches = [replace(match, weight=0.6) for match in read_wishes(body.signature, language).matches]
    subject = Wishes() if thread.is_answer or thread.is_forward else read_wishes(thread.topic, language)
    return _Spoken(mail.sender, thread, body, text, language, sureness, _with_subject(wishes, subject, text), subject)


def _spoken_text(mail: Decoded, body: Body) -> str:
    """The body; with attached documents where it says little itself."""
    if not mail.attachment_texts or len(body.own.split()) > _FEW_WORDS * 4:
        return body.own
    documents = [take_apart(text).own or text for text in mail.attachment_texts if text.strip()]
    if len(body.own.split()) <= _FEW_WORDS:
        return "\n\n".join([*documents, body.own]) if documents else body.own
    return "\n\n".join([body.own, *documents])


def _with_subject(wishes: Wishes, subject: Wishes, text: str) -> Wishes:
    """A subject that names a right counts where the text names none, or a further one as strongly."""
    spare = [m for m in subject.matches if m.right not in wishes.rights and (not wishes.rights or m.rule >= 1000)]
    is_bare = not text.strip() or wishes.has("ME", "ASK")
    wishes.matches += [replace(match, weight=match.weight - 0.1) for match in spare if is_bare]
    return wishes


def _decide(mail: Decoded, spoken: _Spoken) -> tuple[MailKind, tuple[Right, ...], float, tuple[str, ...]]:
    """Kind, rights, how sure, and the words that speak for the kind."""
    wishes = spoken.wishes
    if kinds.is_bounce(mail):
        return "bounce", (), 0.98, (mail.subject[:200],)
    if kinds.is_auto_reply(mail, wishes):
        return "auto_reply", (), 0.95 if not wishes.rights else 0.6, (mail.subject[:200],)
    selling = kinds.is_sales(mail, wishes, spoken.subject) or kinds.is_phishing(wishes)
    breach = kinds.breach_words(wishes, spoken.subject, is_sales=selling)
    if breach:
        return "breach_report", (), 0.9 if not wishes.rights else 0.6, (breach,)
    rights = () if selling else _new_rights(spoken) or _newsletter_refused(spoken)
    if rights:
        return "request", rights, min(wishes.weight or 0.8, 0.6 + spoken.language_sureness / 2), ()
    return _without_rights(spoken, selling=selling)


def _new_rights(spoken: _Spoken) -> tuple[Right, ...]:
    """Rights asked now; in an answer, those that the quoted older mail had asked are not new."""
    fresh = [match for match in spoken.wishes.matches if not match.is_past]
    rights = tuple(right for right in spoken.wishes.rights if any(match.right == right for match in fresh))
    if not rights and spoken.wishes.rights and not _continues(spoken) and not spoken.wishes.has("REMIND", "CANCEL"):
        return spoken.wishes.rights
    if not spoken.thread.is_answer or not _continues(spoken):
        return rights
    before = read_wishes(spoken.body.quoted, spoken.language).rights if spoken.body.quoted else ()
    return tuple(right for right in rights if right not in before)


def _newsletter_refused(spoken: _Spoken) -> tuple[Right, ...]:
    """A curt 'Remove' or 'no thanks' in answer to a newsletter."""
    if not spoken.thread.is_answer or spoken.thread.has_case_mark or len(spoken.text.split()) > _FEW_WORDS:
        return ()
    around = f"{spoken.thread.topic}\n{spoken.body.quoted[:2000]}"
    is_newsletter = read_wishes(around, spoken.language).has("MKT") or any(
        read_wishes(around, language).has("MKT") for language in LANGUAGES
    )
    refuses = spoken.wishes.has("ERASE", "STOP", "OFF", "NOTINT", "UNSUB") or any(
        sentence.has("NOT") and sentence.has("SEND") for sentence in spoken.wishes.sentences
    )
    return ("marketing_opt_out",) if is_newsletter and refuses else ()


def _continues(spoken: _Spoken) -> bool:
    return spoken.thread.has_case_mark or (spoken.thread.is_answer and spoken.thread.answers_us)


def _without_rights(spoken: _Spoken, *, selling: bool) -> tuple[MailKind, tuple[Right, ...], float, tuple[str, ...]]:
    wishes = spoken.wishes
    if selling:
        return "not_a_request", (), 0.85, ()
    if spoken.thread.has_case_mark or wishes.has("CANCEL"):
        return "follow_up", (), 0.9, ()
    if wishes.rights or (wishes.has("REMIND") and wishes.has("ME", "SELF", "PAST") and wishes.has("PAST", "GDPR")):
        return "follow_up", (), 0.8, ()
    if _continues(spoken) and (wishes.has("REMIND", "GDPR", "ANSWER") or not wishes.has("SUPPORT")):
        return "follow_up", (), 0.7, ()
    if wishes.has("GDPR") and wishes.has("ME") and wishes.has("ASK") and not wishes.has("ARRANGED", "SECOND"):
        return "request", (), 0.5, ()
    return "not_a_request", (), 0.8 if not wishes.has("GDPR", "MYDATA") else 0.6, ()


def _about(kind: MailKind, spoken: _Spoken, ours: frozenset[str]) -> Concerned:
    if kind not in {"request", "follow_up"}:
        return Concerned(None, None, is_on_behalf=False)
    return concerned(
        spoken.sender, spoken.text, spoken.wishes, ours, signature=spoken.body.signature, topic=spoken.thread.topic
    )


def _evidence(spoken: _Spoken, rights: tuple[Right, ...]) -> tuple[Evidence, ...]:
    return tuple(item for item in spoken.wishes.evidence if not rights or item.right in rights)
