"""What the writer of a mail wrote: quotes, forwarded mail, signature, footers and disclaimers set apart."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from dsr_intake.domain.reading.source import Person
from dsr_intake.domain.reading.word_tables import fold

_WROTE: Final = r"(?:kirjoitti|kirjutti|wrote|skrev|schrieb|kirjoitti seuraavaa)"
_ATTRIBUTION: Final = re.compile(
    rf"\b{_WROTE}\b[^\n:]{{0,160}}:?\s*$|^(?:den|on|am|le)\b.{{4,160}}(?:skrev|wrote)\b.{{0,120}}:\s*$", re.IGNORECASE
)
_RULE: Final = r"^[\s>]*[-_*=]{2,}\s*"
_ORIGINAL: Final = re.compile(
    _RULE + r"(?:original message|alkuperäinen viesti|ursprungligt meddelande|reply message)\b.*$", re.IGNORECASE
)
_FORWARD: Final = re.compile(
    _RULE + r"(?:forwarded message|forwarded by|välitetty viesti|edelleen lähetetty viesti"
    r"|vidarebefordrat (?:meddelande|mejl|brev))\b.*\s*$"
    r"|^[\s>]*(?:begin forwarded message:|(?:alkaa )?välitetty viesti(?: alkaa)?:|vidarebefordrat brev:"
    r"|aloita välitetty viesti:?)\s*$",
    re.IGNORECASE,
)
_HEADER_LINE: Final = re.compile(
    r"^[\s>*]*(?P<name>from|sent|date|to|cc|subject|lähettäjä|lähetetty|päivämäärä|pvm|vastaanottaja|kopio|aihe|päiväys"
    r"|keneltä|kenelle|från|skickat|datum|till|kopia|ämne)\s*\**:\**\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_SENDER_FIELDS: Final = frozenset({"from", "lähettäjä", "från", "keneltä"})
_SUBJECT_FIELDS: Final = frozenset({"subject", "aihe", "ämne"})
_SIGNOFF: Final = re.compile(
    r"^(?:(?:parhain|ystävällisin|kunnioittavasti|lämpimin|kohteliain|yst)\.? ?(?:terveisin|terv)?|terveisin|terv|t|yt"
    r"|ystävällisesti|kiittäen|kiitos(?: jo)? etukäteen|kiitollisena|terkuin|terkut|moikka|kiitos ja terveisin|kiitos"
    r"|kiitoksia|kiitti"
    r"|(?:med )?(?:vänlig|vänliga|bästa|hjärtliga)(?: hälsning(?:ar)?)?|hälsningar|hälsar|mvh|hälsn"
    r"|vänligen|tack på förhand|högaktningsfullt|tack|(?:best|kind|kindest|warm|many)?(?: regards|regards)|rgds|br"
    r"|best wishes|best|sincerely"
    r"|yours(?: sincerely| faithfully| truly)?|cheers|thanks|thank you|many thanks)[\s,.!:)]*$",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(
    r"^(?:t|terv|yst\.? terv|mvh|br|rgds|hälsn|kiittäen|terveisin|ystävällisin terveisin)[.,:]?"
    r"\s+\w+(?:\s+[\w-]+){0,2}\s*$",
    re.IGNORECASE,
)
_DEVICE: Final = re.compile(
    r"^(?:sent from my|sent from (?:outlook|yahoo|mail)|get outlook for|hanki outlook|hämta outlook|skickat från"
    r"|lähetetty (?:iphone|outlook|minun|samsung|galaxy|laitteesta|android|yahoo)|skickades från"
    r"|lähetetty .{0,20}(?:puhelime|laittee))",
    re.IGNORECASE,
)
_DISCLAIMERS: Final = """
    intended recipient | this email and any | this e-mail and any | this message and any | confidential |
    luottamuksellinen | luottamuksellisia | tarkoitettu vain | tarkoitettu ainoastaan | konfidentiel | avsedd for |
    avsett for | endast avsed | virus | please consider the environment | external email | originated from outside |
    ulkopuolelta tullut | ulkoinen viesti | externt mejl | ajattele ymparistoa | tank pa miljon | ajattele luontoa |
    noudatamme tietosuoja | we process personal data in accordance | behandlar personuppgifter i enlighet | vi foljer
    dataskydd | read our privacy | lue tietosuojaselosteemme | las var integritetspolicy | we respect your privacy |
    kunnioitamme yksityisyyttasi | saat taman viestin koska | you are receiving this | you received this | du far
    detta | tietosuojaselosteemme | privacy policy: | privacy notice: | tietosuojaseloste: | integritetspolicy: |
    kasittelemme henkilotietoja | vi behandlar dina | we process your
"""
_DISCLAIMER: Final = tuple(" ".join(mark.split()) for mark in _DISCLAIMERS.split("|"))
_OWN_WORD: Final = re.compile(r"\b(?:i|my|jag|min|mina|mitt|haluan|pyydan|vaadin|[a-z]{3,}(?:oni|ani|eni|ini))\b")
"""A paragraph in which the writer speaks is kept, whatever else it says."""
_POSTSCRIPT: Final = re.compile(
    r"^\s*(?:p\.?\s?s\.?|pps)\b[\s.:,-]*(?=\S)|^\s*(?:lisäksi|dessutom|also)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Inner:
    """Somebody else's mail inside the text, with what its pasted header says."""

    sender: Person
    subject: str
    text: str
    is_forward: bool


@dataclass(frozen=True, slots=True)
class Body:
    """A text taken apart."""

    own: str
    signature: str
    quoted: str
    inner: Inner | None


def visible(text: str) -> str:
    """Text without control and direction characters and without hidden ones."""
    text = text.replace("\u00a0", " ").replace("\u00ad", "").replace("\r\n", "\n")
    return "".join(
        char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cs"}
    )


def take_apart(text: str, names: tuple[str, ...] = ()) -> Body:
    """Split a body; `names` are the writer's, to know the signature by."""
    lines = visible(text).split("\n")
    lines, inner = _cut_inner(lines)
    own, quoted = _cut_quotes(lines)
    if inner is not None and not inner.is_forward:
        quoted += "\n" + inner.text
    kept, signature = _cut_signature(own, names)
    return Body("\n".join(kept).strip(), "\n".join(signature).strip(), quoted.strip(), inner)


def _cut_inner(lines: list[str]) -> tuple[list[str], Inner | None]:
    """Cut at a forward mark, an original-message mark or a pasted header block."""
    for at, line in enumerate(lines):
        is_forward = _FORWARD.match(line) is not None
        if is_forward or _ORIGINAL.match(line) or _is_header_block(lines, at):
            start = at if _HEADER_LINE.match(line) else at + 1
            return lines[:at], _inner([item.lstrip("> ") for item in lines[start:]], is_forward=is_forward)
    return lines, None


def _is_header_block(lines: list[str], at: int) -> bool:
    match = _HEADER_LINE.match(lines[at])
    if not match or match["name"].lower() not in _SENDER_FIELDS:
        return False
    following = [found["name"].lower() for line in lines[at + 1 : at + 6] if (found := _HEADER_LINE.match(line))]
    return len(set(following)) >= 2


def _inner(lines: list[str], *, is_forward: bool) -> Inner:
    fields: dict[str, str] = {}
    end = 0
    for end, line in enumerate(lines):
        match = _HEADER_LINE.match(line)
        if match:
            fields.setdefault(match["name"].lower(), match["value"].strip())
        elif line.strip() and (fields or end > 3):
            break
    sender = next((value for name, value in fields.items() if name in _SENDER_FIELDS), "")
    subject = next((value for name, value in fields.items() if name in _SUBJECT_FIELDS), "")
    return Inner(_pasted_person(sender), subject, "\n".join(lines[end:]), is_forward)


def _pasted_person(value: str) -> Person:
    match = re.search(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}", value)
    name = re.split(r"[<\[(]|mailto:|" + (re.escape(match[0]) if match else r"\Z"), value, maxsplit=1)[0].strip(" \"'*")
    return Person(name or None, match[0] if match else None)


def _cut_quotes(lines: list[str]) -> tuple[list[str], str]:
    own: list[str] = []
    quoted: list[str] = []
    for at, line in enumerate(lines):
        if line.lstrip().startswith(">"):
            quoted.append(line.lstrip("> "))
        elif _is_attribution(lines, at):
            continue
        else:
            own.append(line)
    return own, "\n".join(quoted)


def _is_attribution(lines: list[str], at: int) -> bool:
    """'On Monday N wrote:' before a quote, also when it was wrapped into two or three lines."""
    following = next((line for line in lines[at + 1 : at + 6] if line.strip()), "")
    for length in (1, 2, 3):
        joined = " ".join(line.strip() for line in lines[at : at + length])
        after = next((line for line in lines[at + length : at + length + 3] if line.strip()), following)
        if len(joined) < 400 and after.lstrip().startswith(">") and _ATTRIBUTION.search(joined):
            return length == 1 or any(char.isdigit() for char in lines[at]) or "@" in joined
    return False


def _cut_signature(lines: list[str], names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Everything from the sign-off on is signature, but for postscripts; disclaimers go wherever they stand."""
    lines = _without_disclaimers(lines)
    begin = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    end = next((at for at in range(len(lines)) if _ends_letter(lines, at, names, begin)), len(lines))
    tail = lines[end:]
    for at, line in enumerate(tail):
        if at > 0 and _POSTSCRIPT.match(line):
            stop = next((n for n in range(at, len(tail)) if not tail[n].strip()), len(tail))
            return [*lines[:end], "", *tail[at:stop]], tail[:at]
    return lines[:end], tail


def _ends_letter(lines: list[str], at: int, names: tuple[str, ...], begin: int) -> bool:
    """`begin` is the first line that says something; nothing here looks at all lines, of which there may be many."""
    bare = lines[at].strip()
    if at <= begin or not bare:
        return bare == "--"
    if bare in {"--", "---"} or _DEVICE.match(bare):
        return True
    if _SIGNOFF.match(bare) or _SIGNED.match(bare):
        return _looks_like_ending(lines, at)
    return fold(bare.strip(" ,.-!")) in {fold(name) for name in names}


def _looks_like_ending(lines: list[str], at: int) -> bool:
    following = next((n for n in range(at + 1, len(lines)) if lines[n].strip()), None)
    return following is None or len(lines[following].split()) <= 6


def _without_disclaimers(lines: list[str]) -> list[str]:
    kept: list[str] = []
    paragraph: list[str] = []
    for line in [*lines, ""]:
        paragraph.append(line)
        if not line.strip():
            folded = fold(" ".join(paragraph))
            if _OWN_WORD.search(folded) or not any(mark in folded for mark in _DISCLAIMER):
                kept += paragraph
            paragraph = []
    return kept
