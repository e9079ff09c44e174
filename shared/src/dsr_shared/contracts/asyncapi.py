"""The wire as an AsyncAPI 3 document: `python -m dsr_shared.contracts.asyncapi docs/architecture/asyncapi.json`."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from dsr_shared.contracts.base import Contract, Envelope, Event
from dsr_shared.contracts.registry import COMPACTED, EVENTS, READERS, WRITERS
from dsr_shared.contracts.words import Service

_SCHEMAS: Final = "#/components/schemas"
Json = dict[str, Any]


def document() -> Json:
    """The whole wire: who sends and who receives what on which topic."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Kuukausi: the events between intake, fulfilment and notifier",
            "version": "1.0.0",
            "description": "Generated from dsr_shared.contracts; do not edit. Every message is an Envelope; its key is "
            "the case id. Personal data stands in sealed fields only.",
        },
        "defaultContentType": "application/json",
        "channels": {_id(topic): _channel(topic) for topic in WRITERS},
        "operations": _operations(),
        "components": {"messages": {_name(event): _message(event) for event in EVENTS}, "schemas": _schemas()},
    }


def as_text() -> str:
    """The document as it is committed."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def _id(topic: str) -> str:
    return topic.replace(".", "_").replace("-", "_")


def _name(event: type[Event]) -> str:
    return event.__name__


def _events_of(topic: str) -> list[type[Event]]:
    return [event for event in EVENTS if topic == event.TOPIC]


def _channel(topic: str) -> Json:
    kept = "Compacted: the newest event of each controller is kept." if topic in COMPACTED else "Kept for 30 days."
    return {
        "address": topic,
        "description": f"Written by {', '.join(WRITERS[topic])}; read by {', '.join(READERS[topic])}. {kept}",
        "messages": {_name(event): {"$ref": f"#/components/messages/{_name(event)}"} for event in _events_of(topic)},
        "bindings": {"kafka": {"topic": topic, "topicConfiguration": _topic_configuration(topic)}},
    }


def _topic_configuration(topic: str) -> Json:
    return {"cleanup.policy": ["compact"]} if topic in COMPACTED else {"cleanup.policy": ["delete"]}


def _operations() -> Json:
    sends = [("send", service, topic) for topic, services in WRITERS.items() for service in services]
    receives = [("receive", service, topic) for topic, services in READERS.items() for service in services]
    return {
        f"{service}_{action}s_{_id(topic)}": _operation(action, service, topic)
        for action, service, topic in sends + receives
    }


def _operation(action: str, service: Service, topic: str) -> Json:
    channel = f"#/channels/{_id(topic)}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "tags": [{"name": service}],
        "messages": [{"$ref": f"{channel}/messages/{_name(event)}"} for event in _events_of(topic)],
    }


def _message(event: type[Event]) -> Json:
    facts = {"type": {"const": event.TYPE}, "version": {"const": event.VERSION}}
    data = {"data": {"$ref": f"{_SCHEMAS}/{_name(event)}"}}
    return {
        "name": event.TYPE,
        "title": f"{event.TYPE}, version {event.VERSION}",
        "summary": " ".join((event.__doc__ or "").split()),
        "payload": {"allOf": [{"$ref": f"{_SCHEMAS}/Envelope"}, {"type": "object", "properties": facts | data}]},
        "bindings": {"kafka": {"key": {"type": "string", "format": "uuid", "description": "Case id"}}},
    }


def _schemas() -> Json:
    models: list[tuple[type[Contract], Any]] = [(Envelope, "serialization")]
    models += [(event, "serialization") for event in EVENTS]
    _, schema = models_json_schema(models, ref_template=_SCHEMAS + "/{model}")
    return dict(sorted(schema["$defs"].items()))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(as_text(), encoding="utf-8")
