"""Logs that cannot hold personal data, whoever writes them.

Why so strict: a log is copied to places where no key can be destroyed, and personal data gets into it by accident, not
by intent. An exception's text quotes the value that it stumbled over (pydantic, asyncpg, the mail parser, all do), and
an argument is what the caller had at hand. So nothing that was made at run time is printed as text:

- the event is the constant text of the logging call, and only of our own modules (a linter keeps those constant);
- arguments of the call are dropped;
- facts are given as `extra={"case_id": ..., "attempt_count": 3}` and are printed only where both the field's name and
  the form of its value are allowed here: ids, counts, codes;
- an exception (`exc_info=`) shows its type, its place in the code, its causes likewise, and SQLSTATE, constraint or
  errno.

A record is cleaned when it is made, before any handler sees it, so that a library's own handler prints no more.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Final, TextIO
from uuid import UUID

from opentelemetry import trace

_OUR_PACKAGES: Final = ("dsr_shared", "dsr_intake", "dsr_fulfilment", "dsr_notifier", "kuukausi")
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "clean_error"}
UUID_TEXT: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}")
_CODE_FIELDS: Final = frozenset(
    {
        "channel",
        "check",
        "constraint",
        "controller_id",
        "event_type",
        "group",
        "host",
        "job",
        "kind",
        "language",
        "letter_kind",
        "method",
        "migration",
        "outcome",
        "package",
        "part",
        "producer",
        "purpose",
        "queue",
        "reason",
        "right",
        "route",
        "service",
        "signal",
        "sqlstate",
        "stage",
        "state",
        "step",
        "system",
        "topic",
    }
)
_NUMBER_FIELDS: Final = re.compile(
    r"(.+_)?(count|seconds|bytes|version|offset|partition|sequence|attempt|attempts|port|code|status|keys|size|uid)"
)
_TIME_FIELDS: Final = re.compile(r".+_(at|on)")
_FRAMES_SHOWN: Final = 8
_ERRORS_SHOWN: Final = 8


def is_allowed(name: str, value: object) -> bool:
    """Whether a structured field may be printed: an id, a count, a time or a code, under a name made for it."""
    match value:
        case None | bool():
            return True
        case UUID():
            return name.endswith("_id")
        case int() | float():
            return _NUMBER_FIELDS.fullmatch(name) is not None
        case datetime() | date():
            return _TIME_FIELDS.fullmatch(name) is not None
        case str():
            return _is_allowed_text(name, value)
    return False


def _is_allowed_text(name: str, value: str) -> bool:
    if name == "error":
        return value in _names_of(BaseException)
    is_code = name in _CODE_FIELDS and _CODE.fullmatch(value) is not None
    return is_code or (name.endswith("_id") and UUID_TEXT.fullmatch(value) is not None)


def _names_of(kind: type[BaseException]) -> Iterator[str]:
    yield kind.__name__
    for inner in type.__subclasses__(kind):
        yield from _names_of(inner)


def describe(error: BaseException) -> list[dict[str, object]]:
    """Types and places of an exception, of those inside a group and of its causes; never a text or an argument."""
    return [_describe_one(each) for each, _ in zip(_with_causes(error, set()), range(_ERRORS_SHOWN), strict=False)]


def _with_causes(error: BaseException, seen: set[int]) -> Iterator[BaseException]:
    if id(error) in seen:
        return
    seen.add(id(error))
    yield error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for each in (*inner, *((cause,) if cause else ())):
        yield from _with_causes(each, seen)


def _describe_one(error: BaseException) -> dict[str, object]:
    kind = type(error)
    facts: dict[str, object] = {"type": f"{kind.__module__}.{kind.__qualname__}", "at": _places(error.__traceback__)}
    for name in ("sqlstate", "constraint_name", "errno"):
        value = getattr(error, name, None)
        if isinstance(value, int) or (isinstance(value, str) and _CODE.fullmatch(value)):
            facts[name] = value
    return facts


def _places(traceback: TracebackType | None) -> list[str]:
    places = []
    while traceback is not None:
        frame = traceback.tb_frame
        places.append(f"{frame.f_globals.get('__name__', '?')}:{traceback.tb_lineno} {frame.f_code.co_name}")
        traceback = traceback.tb_next
    return places[-_FRAMES_SHOWN:]


def _is_ours(logger: str) -> bool:
    return logger.partition(".")[0] in _OUR_PACKAGES


class CleanRecord(logging.LogRecord):
    """A record without arguments, exception text or any text of foreign modules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clean_error = describe(self.exc_info[1]) if self.exc_info and self.exc_info[1] else None
        is_constant = _is_ours(self.name) and isinstance(self.msg, str)
        self.msg = self.msg if is_constant else f"{self.module}.{self.funcName}"
        self.args, self.exc_info, self.exc_text, self.stack_info = (), None, None, None

    def getMessage(self) -> str:  # noqa: N802 - the name that logging calls
        return str(self.msg)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: what happened, where, in which trace, with the allowed facts."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        clean = record if isinstance(record, CleanRecord) else clean_copy(record)
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "event": clean.getMessage(),
            "where": f"{record.name}:{record.lineno}",
        }
        span = trace.get_current_span().get_span_context()
        if span.is_valid:
            line["trace_id"] = trace.format_trace_id(span.trace_id)
        line |= _allowed_fields(clean)
        if clean.clean_error:
            line["error"] = clean.clean_error
        return json.dumps(line, default=str, ensure_ascii=False)


def clean_copy(record: logging.LogRecord) -> CleanRecord:
    """Clean a record that was made before logging was set up."""
    made = CleanRecord(
        record.name, record.levelno, record.pathname, record.lineno, record.msg, (), record.exc_info, record.funcName
    )
    made.__dict__.update({name: value for name, value in vars(record).items() if name not in _STANDARD})
    return made


def _allowed_fields(record: logging.LogRecord) -> dict[str, object]:
    extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
    fields = {name: value for name, value in extra.items() if is_allowed(name, value)}
    dropped = sorted(set(extra) - set(fields))
    return fields | ({"dropped": dropped} if dropped and _is_ours(record.name) else {})


def configure_logging(service: str, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every record as JSON to `stream` (standard error), and uncaught exceptions of any kind with them.

    `level` is for our own modules; libraries, whose texts are dropped, speak from warnings on.
    """
    logging.raiseExceptions = False  # else a handler that fails prints the arguments
    logging.setLogRecordFactory(CleanRecord)
    logging.captureWarnings(capture=True)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter(service))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for package in _OUR_PACKAGES:
        logging.getLogger(package).setLevel(level)
    _catch_uncaught()


def _catch_uncaught() -> None:
    log = logging.getLogger(__name__)

    def report(error: BaseException | None) -> None:
        log.critical("uncaught exception", exc_info=error)

    sys.excepthook = lambda *caught: report(caught[1])
    threading.excepthook = lambda caught: report(caught.exc_value)
    sys.unraisablehook = lambda caught: report(caught.exc_value)
