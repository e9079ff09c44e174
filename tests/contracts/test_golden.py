"""What was once written to a topic is read for ever, and read as what it was."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path

import pytest

from dsr_shared.contracts.base import Envelope, Event
from dsr_shared.contracts.registry import EVENTS, event_class

GOLDEN = Path(str(files("dsr_shared.contracts").joinpath("golden")))
MANIFEST = Path(__file__).with_name("golden.sha256")
PATHS = sorted(GOLDEN.glob("*.json"))
NEVER = (
    "Golden files are only ever added to: topics, outboxes and backups hold events like this one, so it must be read "
    "as it is. Undo the change of the class. A new optional field: keep this file and add the next letter "
    "(a, b, ...) with the field in it. Anything else is a new version: a new class (V2), a new file, "
    "and consumers that read both, deployed before the producer writes it."
)


def read(path: Path) -> tuple[dict[str, object], Envelope, type[Event]]:
    raw = path.read_text(encoding="utf-8")
    envelope = Envelope.model_validate_json(raw)
    topic = path.name.rsplit(f".{envelope.type}.", 1)[0]
    cls = event_class(topic, envelope.type, envelope.version)
    assert cls is not None, f"{path.name}: no class reads it any more. {NEVER}"
    return json.loads(raw), envelope, cls


def missing_from(written: object, read_back: object, place: str = "") -> list[str]:
    """Where something that was written is not what was read."""
    if isinstance(written, dict) and isinstance(read_back, dict):
        return [
            problem
            for name, value in written.items()
            for problem in missing_from(value, read_back.get(name), f"{place}.{name}")
        ]
    if isinstance(written, list) and isinstance(read_back, list) and len(written) == len(read_back):
        pairs = enumerate(zip(written, read_back, strict=True))
        return [problem for i, (w, r) in pairs for problem in missing_from(w, r, f"{place}[{i}]")]
    return (
        [] if written == read_back and type(written) is type(read_back) else [f"{place}: {written!r} -> {read_back!r}"]
    )


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_golden_event_is_read_as_what_it_was(path: Path) -> None:
    raw, envelope, cls = read(path)
    again = json.loads(envelope.model_dump_json())
    again["data"] = json.loads(cls.model_validate(envelope.data).model_dump_json())
    assert missing_from(raw, again) == [], NEVER


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_the_newest_golden_file_of_a_version_shows_every_field(event: type[Event]) -> None:
    newest = max(GOLDEN.glob(f"{event.TOPIC}.{event.TYPE}.{event.VERSION}.*.json"), default=None)
    assert newest is not None, (
        f"{event.__name__} has no golden file; add {event.TOPIC}.{event.TYPE}.{event.VERSION}.a.json"
    )
    raw, envelope, cls = read(newest)
    assert cls is event
    written = json.loads(cls.model_validate(envelope.data).model_dump_json())
    assert raw["data"] == written, (
        f"{newest.name} lacks a field of {event.__name__}. If the field is optional, keep the file and add the next "
        f"letter. {NEVER}"
    )


def test_no_golden_file_was_changed_or_removed() -> None:
    noted = dict(reversed(line.split("  ")) for line in MANIFEST.read_text().splitlines())
    present = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in PATHS}
    changed = sorted(name for name, digest in noted.items() if present.get(name) != digest)
    assert not changed, f"changed or removed: {', '.join(changed)}. {NEVER}"
    new = [f"{present[name]}  {name}" for name in sorted(set(present) - set(noted))]
    assert not new, f"add to {MANIFEST.name}:\n" + "\n".join(new)
