"""Nothing that a person wrote, or that was written about one, reaches a log by any way."""

import io
import json
import logging
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from dsr_shared import logs
from dsr_shared.logs import configure_logging, is_allowed
from dsr_shared.sealing import CannotOpen

CANARY = "Kaarina Kanarialintu <kaarina@example.fi>"
_log = logging.getLogger("dsr_intake.mailbox")


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The configured log of this process, put back as it was afterwards."""
    root, factory = logging.getLogger(), logging.getLogRecordFactory()
    handlers, level = root.handlers, root.level
    for name in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
    monkeypatch.setattr(logs.threading, "excepthook", logs.threading.excepthook)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    text = io.StringIO()
    configure_logging("intake", "DEBUG", text)
    yield text
    logging.captureWarnings(capture=False)
    logging.setLogRecordFactory(factory)
    root.handlers = handlers
    root.setLevel(level)
    for name in ("dsr_shared", "dsr_intake", "dsr_fulfilment", "dsr_notifier", "kuukausi"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_its_constant_text_with_its_allowed_facts(stream: io.StringIO) -> None:
    case_id = uuid4()
    _log.info("mail stored", extra={"case_id": case_id, "attempt_count": 3, "topic": "requests.v1"})
    (line,) = lines(stream)
    assert line["event"] == "mail stored"
    assert (line["case_id"], line["attempt_count"], line["topic"]) == (str(case_id), 3, "requests.v1")
    assert (line["level"], line["service"]) == ("INFO", "intake")


def test_arguments_are_never_printed(stream: io.StringIO) -> None:
    _log.warning("mail from %s is odd", CANARY)
    assert lines(stream)[0]["event"] == "mail from %s is odd"
    assert "Kaarina" not in stream.getvalue()


def test_a_fact_that_is_not_allowed_is_named_but_not_shown(stream: io.StringIO) -> None:
    _log.info("mail stored", extra={"sender": CANARY, "system": CANARY})
    assert lines(stream)[0]["dropped"] == ["sender", "system"]
    assert "Kaarina" not in stream.getvalue()


def test_an_exception_shows_type_and_place_and_none_of_its_text(stream: io.StringIO) -> None:
    try:
        try:
            int(CANARY)
        except ValueError as error:
            raise KeyError(CANARY) from error
    except KeyError:
        _log.exception("reading failed")
    (line,) = lines(stream)
    types = [error["type"] for error in line["error"]]  # type: ignore[attr-defined, union-attr]
    assert types == ["builtins.KeyError", "builtins.ValueError"]
    assert "test_logs" in json.dumps(line["error"])
    assert "Kaarina" not in stream.getvalue()


def test_the_name_of_an_exceptions_type_may_be_given_beside_the_exception(stream: io.StringIO) -> None:
    _log.error("failed", extra={"error": "ValueError"})
    _log.error("failed", extra={"error": "ValueError"}, exc_info=KeyError(CANARY))
    plain, described = lines(stream)
    assert plain["error"] == "ValueError"
    assert described["error"][0]["type"] == "builtins.KeyError"  # type: ignore[index]


def test_every_exception_of_a_group_is_named(stream: io.StringIO) -> None:
    _log.error("task failed", exc_info=ExceptionGroup(CANARY, [ValueError(CANARY), OSError(5, CANARY)]))
    errors = lines(stream)[0]["error"]
    assert [error["type"].rpartition(".")[2] for error in errors] == ["ExceptionGroup", "ValueError", "OSError"]  # type: ignore[attr-defined, union-attr]
    assert errors[2]["errno"] == 5  # type: ignore[index]
    assert "Kaarina" not in stream.getvalue()


def test_exceptions_that_name_each_other_do_not_go_round_for_ever(stream: io.StringIO) -> None:
    first, second = ValueError(CANARY), KeyError(CANARY)
    first.__cause__, second.__cause__ = second, first
    _log.error("failed", exc_info=first)
    assert len(lines(stream)[0]["error"]) == 2  # type: ignore[arg-type]


def test_a_library_may_say_where_but_not_what(stream: io.StringIO) -> None:
    made_at_run_time = f"could not decode {CANARY}"
    logging.getLogger("aiokafka.consumer").error(made_at_run_time)
    logging.getLogger("aiokafka.consumer").info("chatter")
    (line,) = lines(stream)
    assert str(line["where"]).startswith("aiokafka.consumer:")
    assert "Kaarina" not in stream.getvalue()


def test_a_librarys_own_handler_prints_no_more(stream: io.StringIO) -> None:
    own, library = io.StringIO(), logging.getLogger("some.library")
    handler = logging.StreamHandler(own)
    library.addHandler(handler)
    try:
        int(CANARY)
    except ValueError:
        library.exception("could not handle %s", CANARY, stack_info=True)
    finally:
        library.removeHandler(handler)
    assert own.getvalue()
    assert "Kaarina" not in own.getvalue()


def test_a_text_that_is_no_text_is_not_printed(stream: io.StringIO) -> None:
    _log.error(ValueError(CANARY))
    assert "Kaarina" not in stream.getvalue()
    assert lines(stream)[0]["event"] == "test_logs.test_a_text_that_is_no_text_is_not_printed"


def test_a_record_made_before_the_set_up_is_cleaned_as_well(stream: io.StringIO) -> None:
    early = logging.LogRecord("dsr_intake", logging.ERROR, "x.py", 1, "mail from %s", (CANARY,), None, "read")
    early.sender = CANARY
    line = json.loads(logs.JsonFormatter("intake").format(early))
    assert line["event"] == "mail from %s"
    assert line["dropped"] == ["sender"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("case_id", UUID(int=1)),
        ("case_id", str(UUID(int=1))),
        ("attempts", 2),
        ("waited_seconds", 0.5),
        ("is_repeat", True),
        ("due_on", date(2026, 12, 23)),
        ("received_at", datetime(2026, 11, 23, tzinfo=UTC)),
        ("controller_id", "aamu"),
        ("reason", "unknown_version"),
        ("error", "ValueError"),
        ("error", CannotOpen.__name__),
        ("whatever", None),
    ],
)
def test_ids_counts_times_and_codes_are_allowed(name: str, value: object) -> None:
    assert is_allowed(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("case_id", "kaarina@example.fi"),
        ("customer_number", 4711),
        ("birthday", date(1980, 1, 1)),
        ("reason", "she is ill"),
        ("system", "a@example.fi"),
        ("name", "kaarina"),
        ("error", "Kaarina"),
        ("attempts", [1]),
        ("count", "many"),
        ("facts", {"case_id": UUID(int=1)}),
        ("raw_bytes", b"kaarina"),
    ],
)
def test_anything_else_is_not(name: str, value: object) -> None:
    assert not is_allowed(name, value)


PROGRAMS = {
    "an uncaught exception": "raise ValueError(CANARY)",
    "a thread's exception": """
        import threading
        def work(): raise ValueError(CANARY)
        thread = threading.Thread(target=work); thread.start(); thread.join()
    """,
    "a destructor's exception": """
        class Broken:
            def __del__(self): raise ValueError(CANARY)
        Broken()
    """,
    "a task's exception that nobody awaited": """
        import asyncio, gc
        async def fail(): raise ValueError(CANARY)
        async def main():
            task = asyncio.create_task(fail())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            del task
            gc.collect()
        asyncio.run(main())
    """,
    "a callback's exception": """
        import asyncio
        def fail(): raise ValueError(CANARY)
        async def main():
            asyncio.get_running_loop().call_soon(fail)
            await asyncio.sleep(0.01)
        asyncio.run(main())
    """,
    "a warning": "import warnings; warnings.warn(CANARY)",
    "a handler that fails": """
        class Odd:
            def __str__(self): raise ValueError(CANARY)
        import logging
        logging.getLogger("x").error("text %d %s", CANARY, Odd())
    """,
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_process_prints_nothing_else_on_its_way_down(program: str) -> None:
    source = f"from dsr_shared.logs import configure_logging\nconfigure_logging('intake')\nCANARY = {CANARY!r}\n"
    ran = subprocess.run(
        [sys.executable, "-c", source + textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ran.stderr, "the fault must show"
    assert "Kaarina" not in ran.stderr + ran.stdout
    assert all(json.loads(line)["service"] == "intake" for line in ran.stderr.splitlines())
