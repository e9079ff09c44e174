"""Traces and logs: one trace from a mail's arrival to the letter's acceptance, without personal data.

Spans are made even where nobody collects them, because their ids travel with the events and join the services' work.
What is exported is cleaned first: text is kept only under names whose values are closed words (see `SAFE_TEXT`), and an
exception leaves its type. A URL, an SQL parameter or an exception's message would carry names, addresses and tokens.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from opentelemetry import trace
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    SimpleSpanProcessor,
    SpanExporter,
    SpanExportResult,
)
from opentelemetry.trace import Span, Status
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes

from dsr_shared.logs import UUID_TEXT, configure_logging

SAFE_TEXT: Final = frozenset(
    {
        "controller_id",
        "error.type",
        "event.type",
        "exception.type",
        "http.request.method",
        "http.route",
        "letter.kind",
        "messaging.destination.name",
        "messaging.kafka.consumer.group",
        "messaging.operation",
        "messaging.operation.name",
        "messaging.operation.type",
        "messaging.system",
        "outcome",
        "system",
    }
)
"""Attributes whose text is one of a closed set. Numbers, booleans and ids under `*_id` or `*.id` pass as well."""

_propagator: Final = TraceContextTextMapPropagator()
_tracer: Final = trace.get_tracer("dsr_shared")
"""Asks for the provider only when it makes its first span, so it may be made before `configure`."""


def configure(
    service: str, endpoint: str | None = None, *, log_level: str = "INFO", exporter: SpanExporter | None = None
) -> None:
    """Set up logs and traces of this process, once, before anything else.

    `endpoint` is where OTLP over HTTP is taken, for example http://127.0.0.1:4318, or a `file:///path` that spans are
    appended to as JSON Lines. Tests hand in an exporter instead.
    """
    configure_logging(service, log_level)
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
        trace.set_tracer_provider(provider)
    if exporter:
        provider.add_span_processor(SimpleSpanProcessor(CleaningExporter(exporter)))
    if endpoint:
        provider.add_span_processor(_processor_for(endpoint))


def _processor_for(endpoint: str) -> SimpleSpanProcessor | BatchSpanProcessor:
    parts = urlsplit(endpoint)
    if parts.scheme == "file":
        return SimpleSpanProcessor(CleaningExporter(JsonLinesExporter(Path(unquote(parts.path)))))
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # only where it is used: 15 MB

    url = endpoint if parts.path.rstrip("/") else f"{endpoint.rstrip('/')}/v1/traces"
    return BatchSpanProcessor(CleaningExporter(OTLPSpanExporter(endpoint=url)))


def current_traceparent() -> str | None:
    """The W3C traceparent of the running span, to travel with an event; None outside a span."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def continue_trace(name: str, traceparent: str | None = None, **facts: str | int | float | bool) -> Iterator[Span]:
    """Run the body in a span of the trace that `traceparent` names; without one, or with a malformed one, a new trace.

    `name` is constant text. A body's exception passes through; the span keeps its type.
    """
    context = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    with _tracer.start_as_current_span(name, context=context, attributes=facts) as span:
        yield span


class CleaningExporter(SpanExporter):
    """Hands on spans without anything that could be personal data."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_clean(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


class JsonLinesExporter(SpanExporter):
    """Appends each span to a file as one line of JSON as soon as it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        lines = "".join(json.dumps(json.loads(span.to_json())) + "\n" for span in spans)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(lines)
        return SpanExportResult.SUCCESS


def _clean(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_clean_attributes(span.attributes),
        events=[Event(event.name, _clean_attributes(event.attributes), event.timestamp) for event in span.events],
        links=[trace.Link(link.context, _clean_attributes(link.attributes)) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _clean_attributes(attributes: Attributes) -> Attributes:
    return {name: value for name, value in (attributes or {}).items() if _is_safe(name, value)}


def _is_safe(name: str, value: object) -> bool:
    if isinstance(value, str):
        return name in SAFE_TEXT or (name.endswith(("_id", ".id", ".key")) and UUID_TEXT.fullmatch(value) is not None)
    return isinstance(value, bool | int | float)
