"""What must hold for the reading of any bytes at all: no exception, no long thinking, nothing beyond its bounds."""

import json
import time

from dsr_intake.adapters import reading_child, reading_pool
from dsr_intake.adapters.mime_files import MAX_FILES, files_of
from dsr_intake.adapters.mime_headers import is_address
from dsr_intake.domain.mail import MAX_TEXT_BYTES, MailReading, Unreadable

HEADER = {"own_addresses": ["privacy@company.example"], "own_hosts": ["mx.company.example"]}
MOST_SECONDS = 1.0
"""For a mail of at most 16 KiB: a fifth of what a child may use, for an instrumented interpreter on a busy machine."""


class Broken(Exception):
    """A bound that the reading promised does not hold."""


def read_as_child(raw: bytes) -> MailReading:
    """All that the child process and its pool do with a mail."""
    reading = reading_pool._parse(json.loads(reading_child._answer(raw, HEADER)))
    if isinstance(reading, Unreadable):
        raise Broken(f"{reading.problem}: a program of ours failed on it")
    if len(files_of(raw)) > MAX_FILES:
        raise Broken("more files than a mail may have")
    return reading


def check(raw: bytes) -> None:
    """Read and hold what came out against its bounds; raises whatever is wrong."""
    began = time.process_time()
    reading = read_as_child(raw)
    if (seconds := time.process_time() - began) > MOST_SECONDS:
        raise Broken(f"took {seconds:.1f} s")
    _within_bounds(reading)


def _within_bounds(reading: MailReading) -> None:
    if len(reading.text.encode()) > MAX_TEXT_BYTES:
        raise Broken("a text beyond its limit")
    lines = (reading.subject_line, reading.sender_name or "", reading.subject_name or "", *reading.attachment_names)
    if any(len(line.splitlines()) > 1 for line in lines):
        raise Broken("a line break in what must be one line")
    if any("/" in name or "\\" in name for name in reading.attachment_names):
        raise Broken("a path in the name of a file")
    if any(not is_address(email) for email in (reading.sender_email, *reading.to_addresses) if email):
        raise Broken("an address that is none")
    if reading.kind != "request" and reading.rights:
        raise Broken("rights in what is no request")
