"""What speaks for or against a sender: evidence for a person's eyes, never proof by itself (DESIGN, invariant 8)."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from dsr_intake.domain.mail import MailReading
from dsr_shared.contracts.requests import SenderEvidenceV1
from dsr_shared.look_alike import imitates

_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,6})")
_LEGAL_FORMS: Final = frozenset({"oy", "oyj", "ab", "abp", "ky", "tmi", "ry", "rf", "ltd", "inc", "gmbh", "oü", "as"})
_WORD: Final = re.compile(r"\w+")
_SHORTEST_NAME: Final = 4


@dataclass(frozen=True, slots=True)
class OwnSide:
    """The controller as its letters show it."""

    domains: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def sender_evidence(reading: MailReading, own: OwnSide) -> SenderEvidenceV1:
    """Put the server's verdicts beside the marks of imitation."""
    domain = (reading.sender_email or "").rpartition("@")[2].lower()
    return SenderEvidenceV1(
        spf=reading.spf,
        dkim=reading.dkim,
        dmarc=reading.dmarc,
        is_look_alike=imitates(domain, own.domains),
        is_display_name_spoofed=is_display_name_spoofed(reading.sender_name, reading.sender_email, own),
    )


def is_display_name_spoofed(name: str | None, address: str | None, own: OwnSide) -> bool:
    """Whether the shown name holds another address, or the company's name with a foreign address."""
    if not name:
        return False
    domain = (address or "").rpartition("@")[2].lower()
    shown = _ADDRESS.search(name)
    if shown and shown[0].lower() != (address or "").lower():
        return True
    return not _is_own(domain, own) and _holds_own_name(name, own)


def _is_own(domain: str, own: OwnSide) -> bool:
    return any(domain == ours or domain.endswith("." + ours) for ours in own.domains)


def _holds_own_name(name: str, own: OwnSide) -> bool:
    words = _words(name)
    for ours in own.names:
        wanted = _words(ours)
        if sum(map(len, wanted)) >= _SHORTEST_NAME and any(
            words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1)
        ):
            return True
    return False


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [word for word in _WORD.findall(folded) if word not in _LEGAL_FORMS]
