"""What kind of mail it is, before and beside its rights."""

import re
from typing import Final

from dsr_intake.domain.reading.lexicon import Sentence
from dsr_intake.domain.reading.source import Decoded
from dsr_intake.domain.reading.wishes import Wishes
from dsr_shared.contracts.words import LANGUAGES

_DAEMON: Final = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|maildelivery|bounce[s-]?)", re.IGNORECASE
)
_FAILURE: Final = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|incomplete|problem|delayed)|returned (?:mail|to sender)"
    r"|mail delivery (?:failed|system)|failure notice|could not be delivered|toimitus epäonnistui|ei voitu toimittaa"
    r"|palautettu viesti|toimittamatta|kunde inte levereras|olevererat|går inte att leverera|leveransfel|obeställbar"
    r"|returnerat",
    re.IGNORECASE,
)


def is_bounce(mail: Decoded) -> bool:
    """A delivery report: by its type, or a mail system's failure notice."""
    is_daemon = bool(_DAEMON.match(mail.sender.email or "")) or "mail delivery" in (mail.sender.name or "").lower()
    return (
        mail.is_report
        or bool(mail.header("x-failed-recipients"))
        or ((is_daemon or has_no_return_path(mail)) and says_undelivered(mail))
    )


def says_undelivered(mail: Decoded) -> bool:
    """Exim names who got nothing in a header of its own, others say it in the subject."""
    return bool(mail.header("x-failed-recipients")) or _FAILURE.search(mail.subject) is not None


def has_no_return_path(mail: Decoded) -> bool:
    return mail.header("return-path").replace(" ", "") == "<>"


def is_auto(mail: Decoded) -> bool:
    """Sent by a machine; it must never be answered."""
    submitted = mail.header("auto-submitted").lower()
    precedence = mail.header("precedence").lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or precedence in {"bulk", "list", "junk", "auto_reply"}
        or bool(mail.header("x-autoreply") or mail.header("x-autorespond"))
        or has_no_return_path(mail)
    )


def is_bulk(mail: Decoded) -> bool:
    return bool(mail.header("list-unsubscribe") or mail.header("list-id")) or mail.header("precedence").lower() in {
        "bulk",
        "list",
        "junk",
    }


def is_auto_reply(mail: Decoded, body: Wishes) -> bool:
    """An answer that nobody wrote: said so by the header, or by subject and text together."""
    submitted = mail.header("auto-submitted").lower()
    if (
        submitted.startswith(("auto-replied", "auto-notified"))
        or mail.header("x-autoreply")
        or mail.header("x-autorespond")
    ):
        return True
    if mail.header("precedence").lower() == "auto_reply" or (
        submitted.startswith("auto-generated") and not body.rights
    ):
        return True
    marks = (has_subject_of_auto_reply(mail), body.has("AUTOBODY"), has_no_return_path(mail))
    return sum(marks) >= 2


def has_subject_of_auto_reply(mail: Decoded) -> bool:
    """'Out of office', 'Frånvaro': people write such subjects, too."""
    return any(Sentence(mail.subject, language).has("AUTOSUBJECT") for language in LANGUAGES)


def breach_words(body: Wishes, subject: Wishes, *, is_sales: bool) -> str | None:
    """The words that report a breach: a leak, or somebody else's data seen or sent."""
    if is_sales:
        return None
    return _breach_in(body) or _breach_in(subject)


def _breach_in(wishes: Wishes) -> str | None:
    for sentence in wishes.sentences:
        strangers = (
            sentence.has("OTHERS") and sentence.has("EXPOSED") and sentence.has("DATA", "DATUM", "THINGS", "ACCOUNT")
        )
        leak = sentence.has("BREACH") and not sentence.has("SECOND")
        if (strangers or leak) and not sentence.has("PHISH"):
            return sentence.words(0, len(sentence.spans) - 1)[:300]
    return None


def is_sales(mail: Decoded, body: Wishes, subject: Wishes) -> bool:
    """Advertising: bulk headers or a seller's words, and nobody who speaks of their own data."""
    sells = body.count("SALES") + subject.count("SALES")
    speaks = any(sentence.has("MYDATA") for sentence in body.sentences)
    if is_bulk(mail):
        return not speaks or sells >= 2
    return sells >= 2 and not speaks


def is_phishing(body: Wishes) -> bool:
    """'Click here, your mailbox closes': tells the reader what to do with the reader's account."""
    links = any("@" in sentence.tokens or "http" in sentence.text for sentence in body.sentences)
    return body.count("PHISH") >= 2 or (body.has("PHISH") and links and not body.rights)
