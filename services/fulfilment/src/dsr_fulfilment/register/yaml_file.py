"""Reading a YAML file that somebody may have written to do harm, and remembering on which line everything stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import StringIO
from pathlib import Path as File
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    NodeEvent,
    ScalarEvent,
)

from dsr_fulfilment.register.problems import Path, Problem, RegisterError

MOST_BYTES: Final = 1024 * 1024
MOST_ALIASES: Final = 200
DEEPEST: Final = 20


@dataclass
class Document:
    """A file as plain values, and the line of each."""

    file: str
    data: object = None
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Give the line of a value, or of the nearest thing around it that the file has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(file: File) -> Document:
    """Raises RegisterError with one problem where the file can't be read at all."""
    text = _text(file)
    try:
        _refuse_bombs(file, text)
        loaded = _parser().load(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        reason = (error.problem or error.context or "it is not YAML").strip().split("\n")[0]
        raise _problem(file, line, f"this is not YAML: {reason}", "Correct the line or the one before it") from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise _problem(
            file, 1, f"this is not YAML: {type(error).__name__}", "Compare with the example registers"
        ) from None
    document = Document(str(file))
    document.data = _plain(loaded, (), document.lines)
    return document


def _parser() -> YAML:
    parser = YAML(typ="rt", pure=True)
    parser.allow_duplicate_keys = False
    return parser


def _text(file: File) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise _problem(file, 1, f"the file can't be read: {error.strerror}", "Check its path and rights") from None
    if len(content) > MOST_BYTES:
        raise _problem(
            file, 1, f"the file is larger than {MOST_BYTES} bytes", "A register is a few hundred lines; split it"
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _problem(file, line, "the text is not UTF-8", "Save the file as UTF-8") from None


def _refuse_bombs(file: File, text: str) -> None:
    """Look at the events alone, before anything is built: nesting, aliases and tags are limited."""
    anchored: list[bool] = []
    aliases = documents = 0
    for event in _parser().parse(StringIO(text)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        documents += isinstance(event, DocumentStartEvent)
        aliases += isinstance(event, AliasEvent)
        if documents > 1:
            raise _problem(file, line, "a second document begins here", "Keep one register in one file")
        if aliases > MOST_ALIASES:
            raise _problem(file, line, f"more than {MOST_ALIASES} aliases (*name)", "Write the values out")
        if isinstance(event, AliasEvent) and any(anchored):
            raise _problem(file, line, "an alias inside an anchored value", "Write the value out")
        _refuse_tag(file, line, event)
        _nest(anchored, event)
        if len(anchored) > DEEPEST:
            raise _problem(file, line, f"nested deeper than {DEEPEST} levels", "Compare with the example registers")


def _refuse_tag(file: File, line: int, event: NodeEvent) -> None:
    if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag and str(event.tag) != "!":
        raise _problem(file, line, f"the tag {event.tag}", "Remove it; quote the value if it must stay a text")


def _nest(anchored: list[bool], event: NodeEvent) -> None:
    if isinstance(event, CollectionStartEvent):
        anchored.append(event.anchor is not None)
    elif isinstance(event, CollectionEndEvent):
        anchored.pop()


def _plain(value: object, path: Path, lines: dict[Path, int]) -> object:
    if isinstance(value, CommentedMap):
        return {_key(key): _plain(value[key], _mark(value, key, path, lines), lines) for key in value}
    if isinstance(value, CommentedSeq):
        return [_plain(one, _mark(value, place, path, lines), lines) for place, one in enumerate(value)]
    return _scalar(value)


def _mark(holder: CommentedMap | CommentedSeq, key: object, path: Path, lines: dict[Path, int]) -> Path:
    name = key if isinstance(key, int) and isinstance(holder, CommentedSeq) else _key(key)
    position = holder.lc.data.get(key) if holder.lc.data else None
    lines[(*path, name)] = position[0] + 1 if position else lines.get(path, 1)
    return (*path, name)


def _key(key: object) -> str:
    return str(_scalar(key))


def _scalar(value: object) -> object:
    """Give ordinary values: ruamel's own remember how they were written."""
    if isinstance(value, bool) or value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, Mapping | Sequence):
        raise ValueError("a list or mapping can't be a key")  # noqa: TRY004 - a mistake in the file, not in the program
    return str(value)


def _problem(file: File, line: int, what: str, remedy: str) -> RegisterError:
    return RegisterError([Problem(str(file), line, what, remedy)])
