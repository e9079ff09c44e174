"""The child process that parses hostile mail: limited in processor time and memory, without secrets, files or network.

Requests and answers are frames (`reading_frames`) on its standard streams. A request is a JSON frame with our own
addresses and hosts, then a frame of raw bytes; the answer is one JSON frame. Where the request wants the files instead,
the answer's JSON frame names them and a frame of bytes follows for each. Before the first request the child says
`READY`.
"""

import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from typing import Any, BinaryIO, Final

from dsr_intake.adapters.authentication import verdicts
from dsr_intake.adapters.language_model import detect_language
from dsr_intake.adapters.mime import decode_mail, split_header
from dsr_intake.adapters.mime_files import body_digest, files_of
from dsr_intake.adapters.mime_headers import parse_fields
from dsr_intake.adapters.reading_frames import LENGTH, READY
from dsr_intake.adapters.text_model import text_model
from dsr_intake.domain.answering import must_not_be_answered
from dsr_intake.domain.mail import Problem
from dsr_intake.domain.reading.read import read_mail

CPU_SECONDS: Final = 5
MEMORY_BYTES: Final = 300 * 1024 * 1024
"""What parsing may use beyond what the interpreter and its libraries mapped before the first mail."""
_WARM_UP: Final = (
    b"From: a@b.example\nSubject: Hei\n\nPoistakaa tietoni. Please delete my data. Radera mina uppgifter.\n"
)


def main() -> None:
    """Serve requests until the parent closes the pipe."""
    stream_in, stream_out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if "problem" in json.loads(_answer(_WARM_UP, {"own_addresses": [], "own_hosts": []})):
        sys.exit("The reader cannot read the simplest mail.")
    _limit()
    _write_frame(stream_out, READY)
    while (header := _read_frame(stream_in)) is not None:
        raw = _read_frame(stream_in)
        if raw is None:
            return
        _renew_cpu_limit()
        request = json.loads(header)
        for frame in _files(raw) if request.get("wants") == "files" else (_answer(raw, request),):
            _write_frame(stream_out, frame)


def _limit() -> None:
    mapped = _mapped_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY_BYTES, mapped + MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _mapped_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - not a file of ours
        return int(statm.read().split()[0]) * resource.getpagesize()


def _renew_cpu_limit() -> None:
    """Processor time counts for the whole process, so each mail moves the limit on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def _read_frame(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    content = stream.read(length)
    return content if len(content) == length else None


def _write_frame(stream: BinaryIO, content: bytes) -> None:
    stream.write(LENGTH.pack(len(content)) + content)
    stream.flush()


def _answer(raw: bytes, header: dict[str, Any]) -> bytes:
    try:
        mail = decode_mail(raw)
        reading = read_mail(mail, header["own_addresses"], header["own_hosts"], detect_language, text_model())
        domain = (reading.sender_email or "").rpartition("@")[2]
        beside = verdicts(parse_fields(split_header(raw)[0]), header["own_hosts"], domain)
        is_auto = reading.is_auto or must_not_be_answered(mail.headers)
        told = asdict(reading) | {"is_auto": is_auto, "body_sha256": body_digest(raw), **beside}
        return json.dumps({"reading": told}).encode()
    except MemoryError:
        return _problem("memory")
    except (ValueError, LookupError, RecursionError, ArithmeticError, TypeError, AttributeError):
        return _problem("malformed")


def _files(raw: bytes) -> list[bytes]:
    try:
        files = files_of(raw)
    except MemoryError:
        return [_problem("memory")]
    except (ValueError, LookupError, RecursionError, ArithmeticError, TypeError, AttributeError):
        return [_problem("malformed")]
    names = [{"name": file.name, "media_type": file.media_type} for file in files]
    return [json.dumps({"files": names}).encode(), *(file.data for file in files)]


def _problem(problem: Problem) -> bytes:
    return json.dumps({"problem": problem}).encode()


if __name__ == "__main__":
    main()
