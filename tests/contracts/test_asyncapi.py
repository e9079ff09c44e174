"""The AsyncAPI document describes the wire as it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dsr_shared.contracts.asyncapi import as_text, document
from dsr_shared.contracts.registry import EVENTS, READERS, WRITERS

COMMITTED = Path(__file__).parents[2] / "docs/architecture/asyncapi.json"


def test_the_committed_document_is_the_generated_one() -> None:
    remedy = f"run: python -m dsr_shared.contracts.asyncapi {COMMITTED.relative_to(COMMITTED.parents[2])}"
    assert COMMITTED.read_text(encoding="utf-8") == as_text(), remedy


def test_it_shows_every_topic_event_writer_and_reader() -> None:
    made = document()
    assert {channel["address"] for channel in made["channels"].values()} == set(WRITERS)
    assert set(made["components"]["messages"]) == {event.__name__ for event in EVENTS}
    assert len(made["operations"]) == sum(map(len, WRITERS.values())) + sum(map(len, READERS.values()))


def test_every_reference_leads_somewhere() -> None:
    made = document()
    for reference in references(made):
        target = made
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        assert target


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)
