"""One mail to one verdict: the only function that others call is `read_mail`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dsr_intake.domain.mail import MailReading
from dsr_intake.domain.reading import kinds
from dsr_intake.domain.reading.body import Body, take_apart
from dsr_intake.domain.reading.bounced import bounced
from dsr_intake.domain.reading.language import Detector, tell_language
from dsr_intake.domain.reading.lexicon import Sentence, sentences
from dsr_intake.domain.reading.model import Model
from dsr_intake.domain.reading.persons import Concerned, concerned, written_name
from dsr_intake.domain.reading.source import Decoded
from dsr_intake.domain.reading.threads import is_own_host, thread_of
from dsr_intake.domain.reading.verdict import FEW_WORDS, Spoken, Verdict, decide
from dsr_intake.domain.reading.wishes import Wishes, read_wishes

_SURE: Final = 0.75
"""Below this a person confirms."""
_FOR_ANOTHER: Final = -0.5
"""A mail of at least such a score writes for another person than its sender."""
_NEAR: Final = 0.15
"""So near to that line a person says for whom it writes."""
_SHORT_SIGNATURE: Final = 8
"""A longer one may be a letter that goes on below a name: what it asks counts, and a person confirms."""


def read_mail(
    mail: Decoded, own_addresses: Sequence[str], own_hosts: Sequence[str], detect: Detector, model: Model
) -> MailReading:
    """Say what the mail is. Nothing is looked up and nothing is remembered."""
    ours = _own_hosts(mail, own_addresses, own_hosts)
    spoken = _choose(mail, ours, detect)
    verdict = decide(mail, spoken, model)
    kind, rights, sureness = verdict.kind, verdict.rights, verdict.sureness
    about = _about(verdict, spoken, ours)
    doubtful = sureness < _SURE or mail.is_cut or (kind == "request" and not (rights and about.is_sure))
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
        evidence=verdict.evidence,
        subject_line=mail.subject,
        text=spoken.text,
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        references=mail.references,
        attachment_names=mail.attachment_names,
        to_addresses=mail.recipients,
        is_auto=kinds.is_auto(mail),
        bounced=bounced(mail) if kind == "bounce" else None,
    )


def listen(mail: Decoded, own_addresses: Sequence[str], own_hosts: Sequence[str], detect: Detector) -> list[Sentence]:
    """The sentences that count, as the model sees them."""
    return _choose(mail, _own_hosts(mail, own_addresses, own_hosts), detect).heard


def _own_hosts(mail: Decoded, own_addresses: Sequence[str], own_hosts: Sequence[str]) -> frozenset[str]:
    """Our hosts and domains; the address the mail was delivered to is ours by definition."""
    delivered = mail.header("delivered-to").strip("<> ")
    domains = (address.rpartition("@")[2] for address in (*own_addresses, delivered) if "@" in address)
    return frozenset(host.lower() for host in (*own_hosts, *domains))


def _choose(mail: Decoded, ours: frozenset[str], detect: Detector) -> Spoken:
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


def _passed_on(mail: Decoded, outer: Spoken, ours: frozenset[str]) -> list[Decoded]:
    """Messages inside this one whose words may count: not our own letters, not newsletters."""
    found = [*mail.forwarded, *(deep for one in mail.forwarded for deep in one.forwarded)]
    inner = outer.body.inner
    may_be_forward = inner is not None and (inner.is_forward or outer.thread.is_forward or not outer.thread.is_answer)
    if inner is not None and may_be_forward:
        found.append(Decoded(sender=inner.sender, subject=inner.subject, text=inner.text))
    if not outer.body.own.strip() and outer.body.quoted and _is_colleague(mail, ours):
        found.append(Decoded(sender=mail.sender, subject="", text=outer.body.quoted))
    return [one for one in found if not _is_colleague(one, ours) and not kinds.is_bulk(one)]


def _listen(mail: Decoded, ours: frozenset[str], detect: Detector) -> Spoken:
    thread = thread_of(mail, ours)
    shown = written_name(mail.sender, "")
    body = take_apart(mail.text, (shown,) if shown else ())
    text = _spoken_text(mail, body)
    language, sureness = tell_language(f"{text}\n{body.signature if len(text) < 40 else ''}", detect)
    if len(text.split()) < 6:
        language, sureness = tell_language(f"{text}\n{thread.topic}\n{body.signature}", detect)
    wishes = read_wishes(text, language)
    heard = [*(Sentence(piece, language) for piece in sentences(mail.subject)), *wishes.sentences]
    if not wishes.rights and len(body.signature.split()) > _SHORT_SIGNATURE:
        below = read_wishes(body.signature, language)
        wishes.matches = [replace(match, weight=0.6) for match in below.matches]
        heard += below.sentences if below.matches else ()
    subject = Wishes() if thread.is_answer or thread.is_forward else read_wishes(thread.topic, language)
    wishes = _with_subject(wishes, subject, text)
    return Spoken(mail.sender, thread, body, text, language, sureness, wishes, subject, heard)


def _spoken_text(mail: Decoded, body: Body) -> str:
    """The body; with attached documents where it says little itself."""
    if not mail.attachment_texts or len(body.own.split()) > FEW_WORDS * 4:
        return body.own
    documents = [take_apart(text).own or text for text in mail.attachment_texts if text.strip()]
    if len(body.own.split()) <= FEW_WORDS:
        return "\n\n".join([*documents, body.own]) if documents else body.own
    return "\n\n".join([body.own, *documents])


def _with_subject(wishes: Wishes, subject: Wishes, text: str) -> Wishes:
    """A subject that names a right counts where the text names none, or a further one as strongly."""
    spare = [m for m in subject.matches if m.right not in wishes.rights and (not wishes.rights or m.rule >= 1000)]
    is_bare = not text.strip() or wishes.has("ME", "ASK")
    wishes.matches += [replace(match, weight=match.weight - 0.1) for match in spare if is_bare]
    return wishes


def _about(verdict: Verdict, spoken: Spoken, ours: frozenset[str]) -> Concerned:
    if verdict.kind not in {"request", "follow_up"}:
        return Concerned(None, None, is_on_behalf=False)
    about = concerned(
        spoken.sender,
        spoken.text,
        ours,
        is_for_another=verdict.for_another >= _FOR_ANOTHER,
        signature=spoken.body.signature,
        topic=spoken.thread.topic,
    )
    is_near = abs(verdict.for_another - _FOR_ANOTHER) < _NEAR
    return replace(about, is_sure=about.is_sure and not is_near)
