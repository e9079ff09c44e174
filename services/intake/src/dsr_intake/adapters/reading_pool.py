"""Reads mail in a small pool of limited child processes; a child that breaks a limit is killed and replaced."""

import asyncio
import contextlib
import json
import re
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar, cast, get_args

from dsr_intake.adapters.mime_files import MAX_FILES, MAX_TOTAL_BYTES
from dsr_intake.adapters.reading_frames import LENGTH, READY
from dsr_intake.domain.mail import (
    MAX_MAIL_BYTES,
    MAX_TEXT_BYTES,
    Bounced,
    Evidence,
    MailFile,
    MailReading,
    Problem,
    Unreadable,
    Verdict,
)
from dsr_shared.contracts.words import LANGUAGES, RIGHTS, BounceCause, MailKind
from dsr_shared.media_types import UNKNOWN

START_SECONDS: Final = 60.0
_MAX_ANSWER_BYTES: Final = 2 * 1024 * 1024
_WANTS_FILES: Final = b'{"wants": "files"}'
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}")
MAX_FILE_NAME: Final = 200
_T = TypeVar("_T")
_TUPLES: Final = ("rights", "references", "attachment_names", "to_addresses")


class ReaderNotStarted(RuntimeError):
    """A child ended, or said nothing, before it got any mail: no mail is to blame, and none is given up."""


class ReadingPool:
    """`await pool(raw, own_addresses, own_hosts)` gives a reading or why there is none; close it in the end."""

    def __init__(self, size: int = 2, *, mails_per_child: int = 500, wall_seconds: float = 12.0) -> None:
        self._size = size
        self._mails_per_child = mails_per_child
        self._wall_seconds = wall_seconds
        self._idle: asyncio.Queue[_Child | None] = asyncio.Queue()
        self._living: set[_Child] = set()
        for _ in range(size):
            self._idle.put_nowait(None)

    async def __aenter__(self) -> "ReadingPool":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def __call__(
        self, raw: bytes, own_addresses: Sequence[str], own_hosts: Sequence[str]
    ) -> MailReading | Unreadable:
        """Read one mail within the limits of processor time, memory and wall clock.

        Raises `ReaderNotStarted` where a child cannot work at all.
        """
        if len(raw) > MAX_MAIL_BYTES:
            return Unreadable("oversize")
        header = json.dumps({"own_addresses": list(own_addresses), "own_hosts": list(own_hosts)}).encode()
        return await self._with_child(lambda child: self._guarded(child, _reading(child, header, raw)))

    async def files(self, raw: bytes) -> tuple[MailFile, ...] | Unreadable:
        """The files of one mail, within the same limits."""
        if len(raw) > MAX_MAIL_BYTES:
            return Unreadable("oversize")
        return await self._with_child(lambda child: self._guarded(child, child.files(raw)))

    async def _with_child(self, ask: "Callable[[_Child], Awaitable[_T]]") -> "_T":
        child = await self._idle.get()
        try:
            if child is None:
                child = await self._spawn()
            answer = await ask(child)
        except BaseException:
            await self._retire(child)
            self._idle.put_nowait(None)
            raise
        if child.is_broken or child.served >= self._mails_per_child:
            await self._retire(child)
            child = None
        self._idle.put_nowait(child)
        return answer

    async def close(self) -> None:
        """End every child."""
        for child in list(self._living):
            await self._retire(child)

    async def _spawn(self) -> "_Child":
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-m", "dsr_intake.adapters.reading_child"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"},
            cwd="/",
            start_new_session=True,
        )
        child = _Child(process)
        self._living.add(child)
        is_ready = False
        try:
            is_ready = await child.is_ready()
        finally:
            if not is_ready:
                await self._retire(child)
        if not is_ready:
            raise ReaderNotStarted(
                "A reading child did not start. `python -m dsr_intake.adapters.reading_child < /dev/null` says why."
            )
        return child

    async def _retire(self, child: "_Child | None") -> None:
        if child is not None:
            self._living.discard(child)
            await child.end()

    async def _guarded(self, child: "_Child", answer: "Awaitable[_T]") -> "_T | Unreadable":
        try:
            async with asyncio.timeout(self._wall_seconds):
                return await answer
        except TimeoutError:
            child.is_broken = True
            return Unreadable("timeout")
        except (OSError, EOFError):
            child.is_broken = True
            return Unreadable(await child.cause_of_death())
        except (ValueError, KeyError, TypeError):
            child.is_broken = True
            return Unreadable("malformed")


class _Child:
    """One child process and its pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.served = 0
        self.is_broken = False

    async def is_ready(self) -> bool:
        """Wait until the child has loaded what it reads with."""
        stdout = self._process.stdout
        try:
            async with asyncio.timeout(START_SECONDS):
                return stdout is not None and await self._frame(stdout, len(READY)) == READY
        except (TimeoutError, EOFError, ValueError):
            return False

    async def ask(self, header: bytes, raw: bytes) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise EOFError
        self.served += 1
        stdin.writelines((LENGTH.pack(len(header)), header, LENGTH.pack(len(raw)), raw))
        await stdin.drain()
        answer: dict[str, Any] = json.loads(await self._frame(stdout, _MAX_ANSWER_BYTES))
        if answer.get("problem"):
            self.is_broken = True
        return answer

    async def files(self, raw: bytes) -> tuple[MailFile, ...] | Unreadable:
        """Ask for the files: what they are called, then the bytes of each."""
        answer = await self.ask(_WANTS_FILES, raw)
        if answer.get("problem") in get_args(Problem):
            return Unreadable(cast("Problem", answer["problem"]))
        named = [(str(file["name"])[:MAX_FILE_NAME], str(file["media_type"])) for file in answer["files"]]
        if self._process.stdout is None or len(named) > MAX_FILES:
            raise ValueError("too many files")
        left, files = MAX_TOTAL_BYTES, []
        for name, media_type in named:
            data = await self._frame(self._process.stdout, left)
            left -= len(data)
            files.append(MailFile(name, media_type if _MEDIA_TYPE.fullmatch(media_type) else UNKNOWN, data))
        return tuple(files)

    async def _frame(self, stdout: asyncio.StreamReader, most_bytes: int) -> bytes:
        (length,) = LENGTH.unpack(await stdout.readexactly(LENGTH.size))
        if length > most_bytes:
            raise ValueError("answer too long")
        return await stdout.readexactly(length)

    async def cause_of_death(self) -> Problem:
        """`timeout` where the processor limit killed it, `memory` where an allocation failed, else `malformed`."""
        try:
            code = await asyncio.wait_for(self._process.wait(), 2)
        except TimeoutError:
            return "timeout"
        if code == -signal.SIGXCPU:
            return "timeout"
        return "memory" if code in {-signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV} else "malformed"

    async def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()


async def _reading(child: _Child, header: bytes, raw: bytes) -> MailReading | Unreadable:
    return _parse(await child.ask(header, raw))


def _parse(answer: dict[str, Any]) -> MailReading | Unreadable:
    """The child is not trusted: its words are checked against the vocabularies, its text is cut at its bound."""
    if answer.get("problem") in get_args(Problem):
        return Unreadable(cast("Problem", answer["problem"]))
    fields = answer["reading"]
    if fields["kind"] not in get_args(MailKind) or fields["language"] not in LANGUAGES:
        raise ValueError("unknown kind or language")
    if not set(fields["rights"]) <= set(RIGHTS):
        raise ValueError("unknown right")
    if not {fields["spf"], fields["dkim"], fields["dmarc"]} <= set(get_args(Verdict)):
        raise ValueError("unknown verdict")
    evidence = tuple(Evidence(item["right"], str(item["words"])) for item in fields["evidence"])
    text = str(fields["text"]).encode("utf-8", "replace")[:MAX_TEXT_BYTES].decode("utf-8", "ignore")
    tuples = {name: tuple(fields[name]) for name in _TUPLES}
    checked = {"evidence": evidence, "text": text, "bounced": _bounced(fields["bounced"])}
    return MailReading(**{**fields, **tuples, **checked})


def _bounced(told: dict[str, Any] | None) -> Bounced | None:
    if told is None:
        return None
    if told["cause"] not in get_args(BounceCause):
        raise ValueError("unknown cause")
    return Bounced(tuple(str(one) for one in told["message_ids"]), told["cause"])
