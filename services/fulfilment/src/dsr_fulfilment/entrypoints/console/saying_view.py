"""What a person wrote, in their own words, with the words marked that the reading rests on."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from dsr_fulfilment.adapters.messages import Attachment
from dsr_fulfilment.entrypoints.console import words
from dsr_fulfilment.entrypoints.console.file_view import FileLine, file_lines
from dsr_shared.contracts.sealed import EvidenceV1, MessageV1
from dsr_shared.contracts.words import Right


@dataclass(frozen=True)
class Saying:
    """A message in its writer's words, with the words marked that the reading rests on."""

    subject: str
    text: Markup
    language: str
    came: str
    files: tuple[FileLine, ...] = ()
    sender: tuple[str, ...] = ()
    """What speaks for or against who wrote it."""
    is_changed_copy: bool = False


@dataclass(frozen=True)
class Asked:
    """One right, the words it rests on and its article."""

    name: str
    words: str
    article: str


def saying(message: MessageV1, language: str, came: str, files: Sequence[Attachment] = ()) -> Saying:
    """The text with its evidence marked; everything of it is escaped."""
    text = _marked(message.text, [item.words for item in message.evidence])
    return Saying(message.subject, text, language, came, file_lines(message.attachment_names, files))


def _marked(text: str, quotes: Sequence[str]) -> Markup:
    """Mark each quote where it first stands, without marking inside a mark."""
    spans: list[tuple[int, int]] = []
    for quote in sorted({quote for quote in quotes if quote}, key=len, reverse=True):
        start = text.find(quote)
        span = (start, start + len(quote))
        if start >= 0 and all(span[1] <= taken[0] or span[0] >= taken[1] for taken in spans):
            spans.append(span)
    out, at = Markup(), 0
    for start, end in sorted(spans):
        out += escape(text[at:start]) + Markup("<mark>") + escape(text[start:end]) + Markup("</mark>")
        at = end
    return out + escape(text[at:])


def asked_view(rights: Sequence[Right], evidence: Sequence[EvidenceV1]) -> tuple[Asked, ...]:
    quotes = {item.right: item.words for item in reversed(evidence) if item.right}
    return tuple(
        Asked(words.RIGHT_NAMES[right][0], quotes.get(right, ""), words.RIGHT_NAMES[right][1])
        for right in words.RIGHT_ORDER
        if right in rights
    )
