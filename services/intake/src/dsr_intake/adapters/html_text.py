"""HTML mail to text: what a person sees, with quoted mail marked by >."""

import re
from html import unescape
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_HTML_CHARS: Final = 1024 * 1024
MAX_NODES: Final = 60_000
_SKIPPED: Final = frozenset(
    {"script", "style", "head", "title", "template", "noscript", "svg", "object", "select", "noembed"}
)
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tr",
        "ul",
    ]
)
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})[^<>]{0,4000}>?")
_WHOLE_TAG: Final = re.compile(r"<[a-zA-Z](?:[^\"'>]++|\"[^\"]*+\"?|'[^']*+'?)*+")
_QUOTED_VALUE: Final = re.compile(r"(?<=[^\s\"'>/=])=\s{0,9}(?:\"[^\"]*\"|'[^']*')")
_TAG_NAME: Final = re.compile(r"^<[^\s/>]*")
_BETWEEN_ATTRIBUTES: Final = re.compile(r"[\s/\"'=]+")
MAX_ATTRIBUTES: Final = 300
"""The parser's time grows with the square of an element's attributes, too."""
_VOID: Final = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr"})
MAX_DEPTH: Final = 1500
"""The parser's time grows with the square of the depth: deeper mail is no mail, and loses its tags unparsed."""
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)|mso-hide\s*:\s*all"
    r"|(?:opacity|max-height)\s*:\s*0(?:px|%)?\s*(?:;|$)|(?:text-indent|left|top)\s*:\s*-\d{3}",
    re.IGNORECASE,
)


class _Writer:
    """Collects text with one line a block; lines inside a blockquote get a >."""

    def __init__(self) -> None:
        self.lines: list[str] = [""]
        self.quotes = 0

    def text(self, text: str) -> None:
        self.lines[-1] += re.sub(r"\s+", " ", text)

    def break_line(self) -> None:
        self.lines[-1] = self.lines[-1].strip()
        self.lines.append("> " * self.quotes)

    def result(self) -> str:
        lines = [line.strip() for line in self.lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def html_to_text(html: str) -> str:
    """Visible text of a mail's HTML; bounded by characters and nodes, without recursion."""
    html = html[:MAX_HTML_CHARS]
    if _is_too_deep(html) or _has_too_many_attributes(html):
        return re.sub(r"\s*\n\s*", "\n", unescape(_TAG.sub("\n", html))).strip()
    root = LexborHTMLParser(html).body
    writer = _Writer()
    node: LexborNode | None = root
    for _ in range(MAX_NODES):
        if node is None:
            break
        below = _enter(node, writer)
        node = below if below is not None else _next(node, root, writer)
    return writer.result()


def _is_too_deep(html: str) -> bool:
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() not in _VOID:
            depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            return True
    return False


def _has_too_many_attributes(html: str) -> bool:
    """Counted generously: what a tag holds outside of its quoted values."""
    tags = (match[0] for match in _WHOLE_TAG.finditer(html) if match.end() - match.start() > MAX_ATTRIBUTES * 2)
    bare = (_QUOTED_VALUE.sub(" ", _TAG_NAME.sub("", tag)) for tag in tags)
    return any(len(_BETWEEN_ATTRIBUTES.split(rest)) > MAX_ATTRIBUTES for rest in bare)


def _is_skipped(node: LexborNode) -> bool:
    if node.tag in _SKIPPED:
        return True
    attributes = node.attributes if node.tag != "-text" else {}
    return "hidden" in attributes or _HIDDEN.search((attributes.get("style") or "").replace("\\", "")) is not None


def _enter(node: LexborNode, writer: _Writer) -> LexborNode | None:
    """Write what the node itself says; return its first child where that is to be read."""
    if node.tag == "-text":
        writer.text(node.text_content or "")
        return None
    tag = node.tag or "-"
    if tag.startswith("-") or _is_skipped(node):
        return None
    if node.tag == "blockquote":
        writer.quotes += 1
    if node.tag in _BLOCKS:
        writer.break_line()
    if node.tag == "p":
        writer.break_line()
    child = node.child
    if child is None:
        _leave(node, writer)
    return child


def _leave(node: LexborNode, writer: _Writer) -> None:
    if node.tag == "blockquote":
        writer.quotes -= 1
    if node.tag in _BLOCKS and node.tag != "br":
        writer.break_line()


def _next(node: LexborNode, root: LexborNode | None, writer: _Writer) -> LexborNode | None:
    """The node after this one in document order, leaving finished parents on the way."""
    while root is not None and node.mem_id != root.mem_id:
        if node.next is not None:
            return node.next
        parent = node.parent
        if parent is None:
            return None
        _leave(parent, writer)
        node = parent
    return None
