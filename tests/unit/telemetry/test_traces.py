"""One trace runs through all services, and what leaves the process names nobody."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from dsr_shared.telemetry import (
    CleaningExporter,
    JsonLinesExporter,
    continue_trace,
    current_traceparent,
)

CANARY = "Kaarina Kanarialintu"


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    """What leaves this process."""
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    collected = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(CleaningExporter(collected)))
    yield collected
    collected.shutdown()


def test_a_trace_goes_on_where_another_service_left_it(exporter: InMemorySpanExporter) -> None:
    with continue_trace("store arrival"):
        carried = current_traceparent()
    with continue_trace("open case", carried):
        pass
    first, second = exporter.get_finished_spans()
    assert first.context.trace_id == second.context.trace_id
    assert second.parent is not None
    assert second.parent.span_id == first.context.span_id


@pytest.mark.parametrize("broken", [None, "", "garbage", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", CANARY])
def test_without_a_readable_traceparent_a_new_trace_begins(exporter: InMemorySpanExporter, broken: str | None) -> None:
    with continue_trace("open case", broken):
        assert current_traceparent() is not None
    (span,) = exporter.get_finished_spans()
    assert span.parent is None


def test_outside_a_span_there_is_nothing_to_carry() -> None:
    assert current_traceparent() is None


def test_an_exception_passes_through_and_leaves_its_type_only(exporter: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match=CANARY), continue_trace("read mail"):
        raise ValueError(CANARY)
    (span,) = exporter.get_finished_spans()
    assert span.events[0].attributes == {"exception.type": "ValueError"}
    assert not span.status.is_ok
    assert CANARY not in span.to_json()


def test_only_numbers_ids_and_closed_words_leave(exporter: InMemorySpanExporter) -> None:
    case_id = str(uuid4())
    facts = {"case_id": case_id, "outcome": "erased", "rows": 3, "url.full": f"https://x/{CANARY}", "person_id": CANARY}
    with continue_trace("erase", **facts) as span:  # type: ignore[arg-type]
        span.add_event("seen", {"name": CANARY})
        span.set_attribute("words", [CANARY])
    (left,) = exporter.get_finished_spans()
    assert left.attributes == {"case_id": case_id, "outcome": "erased", "rows": 3}
    assert CANARY not in left.to_json()


def test_spans_can_be_appended_to_a_file(exporter: InMemorySpanExporter, tmp_path: Path) -> None:
    for name in ("one", "two"):
        with continue_trace(name):
            pass
    for span in exporter.get_finished_spans():
        JsonLinesExporter(tmp_path / "spans.jsonl").export([span])
    written = [json.loads(line)["name"] for line in (tmp_path / "spans.jsonl").read_text().splitlines()]
    assert written == ["one", "two"]
