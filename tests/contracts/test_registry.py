"""The register of events is complete and says who writes and reads each topic."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from typing import get_args

import pytest

import dsr_shared.contracts
from dsr_shared.contracts import registry, words
from dsr_shared.contracts.base import Event

GLOSSARY = Path(__file__).parents[2] / "docs/glossary.md"


def classes_of_the_wire() -> set[type[Event]]:
    modules = [
        importlib.import_module(f"dsr_shared.contracts.{module.name}")
        for module in pkgutil.iter_modules(dsr_shared.contracts.__path__)
    ]
    members = [cls for module in modules for _, cls in inspect.getmembers(module, inspect.isclass)]
    return {cls for cls in members if issubclass(cls, Event) and cls is not Event}


def test_every_event_class_is_registered_once() -> None:
    assert set(registry.EVENTS) == classes_of_the_wire()
    assert len(registry.EVENTS) == len(set(registry.EVENTS))


@pytest.mark.parametrize("event", registry.EVENTS, ids=lambda event: event.__name__)
def test_a_class_is_found_by_topic_type_and_version(event: type[Event]) -> None:
    assert registry.event_class(event.TOPIC, event.TYPE, event.VERSION) is event
    assert registry.event_class(event.TOPIC, event.TYPE, event.VERSION + 1000) is None
    assert registry.event_class("elsewhere.v1", event.TYPE, event.VERSION) is None
    assert registry.knows_type(event.TOPIC, event.TYPE)
    assert not registry.knows_type("elsewhere.v1", event.TYPE)


@pytest.mark.parametrize("event", registry.EVENTS, ids=lambda event: event.__name__)
def test_a_class_is_named_for_its_type_and_version_and_says_what_happened(event: type[Event]) -> None:
    camel = "".join(word.capitalize() for word in event.TYPE.split("_"))
    assert event.__name__ == f"{camel}V{event.VERSION}"
    assert inspect.getdoc(event)
    assert event.__doc__ != Event.__doc__


def test_every_topic_has_writers_readers_and_a_version_in_its_name() -> None:
    topics = {event.TOPIC for event in registry.EVENTS}
    assert topics == set(registry.WRITERS) == set(registry.READERS)
    assert all(re.fullmatch(r"[a-z-]+\.v\d+", topic) for topic in topics)
    assert all(registry.WRITERS[topic] and registry.READERS[topic] for topic in topics)
    assert topics >= registry.COMPACTED


def test_each_service_writes_its_own_topics_only() -> None:
    writes = {
        service: {t for t, writers in registry.WRITERS.items() if service in writers} for service in words.SERVICES
    }
    assert writes == {
        "intake": {"requests.v1", "dead-letters.v1"},
        "fulfilment": {"cases.v1", "letters.v1", "controllers.v1", "dead-letters.v1"},
        "notifier": {"deliveries.v1", "dead-letters.v1"},
    }


def test_intake_is_no_reader_of_what_was_gathered_nor_of_letters() -> None:
    assert words.READERS == {
        "arrival": ("intake", "fulfilment"),
        "gathered": ("fulfilment",),
        "letter": ("fulfilment", "notifier"),
    }
    assert "intake" not in registry.READERS["letters.v1"]


def test_the_words_of_the_wire_are_the_agreed_ones() -> None:
    assert set(words.RIGHTS) == set(
        "access rectification completion erasure restriction objection marketing_opt_out portability "  # noqa: SIM905
        "consent_withdrawal".split()
    )
    assert set(words.MailKind.__args__) == {
        "request", "follow_up", "not_a_request", "bounce", "auto_reply", "breach_report",
    }  # fmt: skip
    assert set(words.Channel.__args__) == {"mail", "form", "api", "letter", "visit", "phone"}
    assert set(words.Outcome.__args__) == {
        "found", "nothing_found", "erased", "kept", "failed", "unknown", "not_searched",
    }  # fmt: skip
    assert words.LANGUAGES == ("fi", "sv", "en")


def test_the_glossary_explains_every_word_of_the_wire() -> None:
    explained = set(re.findall(r"`([a-z_]+)`", GLOSSARY.read_text(encoding="utf-8")))
    vocabularies = [words.Right, words.MailKind, words.Channel, words.Outcome, words.Purpose, words.Stage]
    vocabularies += [words.LetterKind, words.DeadLetterReason]
    missing = {word for vocabulary in vocabularies for word in get_args(vocabulary)} - explained
    assert not missing, f"add to docs/glossary.md: {sorted(missing)}"
