"""Collects everything in files that could be a wrapped data key, and really tries every private key on it."""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

from tests.security.scanner import read

from dsr_shared.contracts.words import SERVICES, Purpose
from dsr_shared.keyring_files import RingFile, WatchedFile
from dsr_shared.sealing import CannotOpen, data_key
from dsr_shared.wrapping import open_wrapped

_IN_JSON = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{139}=(?![A-Za-z0-9+/=])")
_IN_DUMP = re.compile(rb"\\\\x([0-9a-f]{208})(?![0-9a-f])")
_HEX_OF_JSON = re.compile(rb"\\\\x(7b22[0-9a-f]{200,})")
_IN_HEAP = re.compile(rb"(?=[\x01-\x09]\0\0\0\xd3(.{104}))", re.DOTALL)
"""In a heap page and in the write-ahead log: a small ring version, the header of a short `bytea`, and the box."""
_ENVELOPE = re.compile(rb'\{"event_id":"')


@dataclass
class Boxes:
    """What was found, by its bytes."""

    wrapped: set[bytes] = field(default_factory=set)
    envelopes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By event id."""

    def collect(self, *places: Path) -> "Boxes":
        for place in places:
            for path in [place] if place.is_file() else sorted(place.rglob("*")):
                if path.is_file():
                    self._content(read(path))
        return self

    def _content(self, content: bytes) -> None:
        self.wrapped.update(base64.b64decode(match[0]) for match in _IN_JSON.finditer(content))
        self.wrapped.update(bytes.fromhex(match[1].decode()) for match in _IN_DUMP.finditer(content))
        self.wrapped.update(match[1] for match in _IN_HEAP.finditer(content))
        self._envelopes(content)
        for match in _HEX_OF_JSON.finditer(content):
            hexadecimal = match[1][: len(match[1]) // 2 * 2].decode()
            self._content(bytes.fromhex(hexadecimal))

    def _envelopes(self, content: bytes) -> None:
        for match in _ENVELOPE.finditer(content):
            text = content[match.start() : match.start() + 1_000_000].decode("utf-8", "replace")
            try:
                envelope, _ = json.JSONDecoder().raw_decode(text)
            except json.JSONDecodeError:
                continue
            self.envelopes[envelope["event_id"]] = envelope

    def opened_by(self, pairs: Iterable[tuple[bytes, bytes]]) -> dict[UUID, bytes]:
        """Every data key that any of the key pairs opens, by key id; a secret's id depends on its purpose."""
        found: dict[UUID, bytes] = {}
        pairs = list(pairs)
        for box in self.wrapped:
            for public, private in pairs:
                try:
                    secret = open_wrapped(box, public, private)
                except CannotOpen:
                    continue
                found.update({data_key(purpose, secret).key_id: secret for purpose in get_args(Purpose)})
        return found


def all_pairs(keys: Path) -> list[tuple[bytes, bytes]]:
    """Every private key of every service that the key rings still hold."""
    rings = [WatchedFile(keys / f"{service}.keyring.json", RingFile, is_secret=True).content() for service in SERVICES]
    return [(version.public_key, version.private_key) for ring in rings for version in ring.versions]


def sealed_fields(data: Mapping[str, Any]) -> Iterator[tuple[str, str, bytes]]:
    """Field, key id and ciphertext of each sealed field of an event."""
    for name, value in data.items():
        if isinstance(value, dict) and set(value) == {"key_id", "ciphertext"}:
            yield name, value["key_id"], base64.b64decode(value["ciphertext"])
