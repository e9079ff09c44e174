"""A child process on a leash: its log is pumped to a bounded file, and its end is an event."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from kuukausi.errors import DidNotStart
from kuukausi.stack import leash
from kuukausi.stack.logs import BoundedLog
from kuukausi.stack.waiting import holds_within

MARK: Final = "KUUKAUSI_STACK"
"""Environment variable of every process of a stack, with the stack's directory: left-overs are found by it."""
_TAKEN_OVER: Final = frozenset(
    (
        "PATH",
        "HOME",
        "USER",
        "LANG",
        "TZ",
        "TMPDIR",
        "VIRTUAL_ENV",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE",
    )
)
_TAKEN_FAMILIES: Final = ("XDG_", "LC_", "OTEL_")
_TAIL_LINES: Final = 12
_LONGEST_LINE_BYTES: Final = 64_000
_PUMP_SECONDS: Final = 1


@dataclass(frozen=True)
class Command:
    """What to start, and how it is stopped.

    `user` is None for our own user, or `uid:gid[:reach]` as the leash reads it.
    """

    name: str
    arguments: Sequence[str]
    log_path: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    directory: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    stop_seconds: float = 10


class Child:
    """A started command. Start it from a thread that lives as long as the child shall: the leash is tied to it."""

    def __init__(self, command: Command, on_exit: Callable[["Child"], None] | None = None) -> None:
        self.command = command
        self._on_exit = on_exit
        self._changed = threading.Condition()
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._wanted: re.Pattern[str] | None = None
        self._seen = False
        self._ended = threading.Event()
        self._log = BoundedLog(command.log_path)
        self.started_at = time.monotonic()
        self._process = subprocess.Popen(
            leashed(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment_of(command),
            cwd=command.directory,
            start_new_session=True,
        )
        self._pump = threading.Thread(target=self._pump_log, name=f"log of {command.name}", daemon=True)
        self._watch = threading.Thread(target=self._watch_end, name=f"end of {command.name}", daemon=True)

    @classmethod
    def start(
        cls, command: Command, *, ready: str | None = None, on_exit: Callable[["Child"], None] | None = None
    ) -> "Child":
        """Start the command; `ready` is the pattern of the log line by which it says that it serves."""
        child = cls(command, on_exit)
        child._wanted = re.compile(ready) if ready else None
        child._pump.start()
        child._watch.start()
        return child

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def return_code(self) -> int | None:
        return self._process.poll()

    def is_running(self) -> bool:
        return self._process.poll() is None

    def tail(self) -> str:
        """The last lines of its log, for a message to a person."""
        return for_a_person(self._tail)

    def wait_until_ready(self, deadline_seconds: float) -> None:
        """Wait for the ready line; raises DidNotStart when the process ends first or the deadline passes."""
        with self._changed:
            self._changed.wait_for(lambda: self._seen or self._ended.is_set(), deadline_seconds)
            if self._seen:
                return
        raise self.did_not_start(deadline_seconds)

    def wait_until(self, is_ready: Callable[[], bool], deadline_seconds: float) -> None:
        """Ask `is_ready` again and again, for a program that does not say when it serves; raises DidNotStart."""
        if not holds_within(is_ready, deadline_seconds, self._ended):
            raise self.did_not_start(deadline_seconds)

    def did_not_start(self, deadline_seconds: float) -> DidNotStart:
        code = self.return_code
        how = f"ended with code {code}" if code is not None else f"was not ready after {deadline_seconds:.0f} s"
        return DidNotStart(
            f"{self.command.name} {how}. Its last lines:\n{self.tail()}",
            where=str(self.command.log_path),
            remedy="read the log above; free memory, disk or the port it names, then start again",
        )

    def ask_to_stop(self) -> None:
        """Send the stop signal without waiting, so that several end together."""
        if self.is_running():
            self._process.send_signal(self.command.stop_signal)

    def stop(self) -> None:
        """Ask it to end, and kill its whole group when it has not after `stop_seconds`."""
        if self.is_running():
            self._process.send_signal(self.command.stop_signal)
            try:
                self._process.wait(self.command.stop_seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        self._watch.join(self.command.stop_seconds)

    def kill(self) -> None:
        if self.is_running():
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _pump_log(self) -> None:
        assert self._process.stdout is not None
        self._copy_lines(self._process.stdout)
        self._process.stdout.close()
        self._log.close()

    def _watch_end(self) -> None:
        self._process.wait()
        self._pump.join(_PUMP_SECONDS)  # a grandchild may still hold the other end of the pipe
        with self._changed:
            self._ended.set()
            self._changed.notify_all()
        if self._on_exit:
            self._on_exit(self)

    def _copy_lines(self, stream: IO[bytes]) -> None:
        while line := stream.readline(_LONGEST_LINE_BYTES):
            self._log.write(line)
            text = line.decode(errors="replace").rstrip()
            self._tail.append(text)
            if self._wanted and not self._seen and self._wanted.search(text):
                with self._changed:
                    self._seen = True
                    self._changed.notify_all()


def leashed(command: Command) -> list[str]:
    python = [sys.executable, "-I", "-S", str(Path(leash.__file__))]
    leash_arguments = [str(os.getpid()), str(int(command.orphan_signal)), command.user or "-", "--"]
    return [*python, *leash_arguments, *command.arguments]


def for_a_person(lines: Iterable[str]) -> str:
    """The lines, or of a traceback its last line only: the rest is in the log."""
    lines = [line for line in lines if line.strip()]
    is_traceback = any(line.startswith(("Traceback", '  File "')) for line in lines)
    return lines[-1] if is_traceback else "\n".join(lines)


def environment_of(command: Command) -> dict[str, str]:
    return {**base_environment(), **command.environment}


def base_environment() -> dict[str, str]:
    """What programs take over from whoever starts the stack: no settings of services, and no passwords."""
    return {
        name: value for name, value in os.environ.items() if name in _TAKEN_OVER or name.startswith(_TAKEN_FAMILIES)
    }
