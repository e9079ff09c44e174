"""Start, stop and look at a stack from outside: what the command line and the demo use."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

import psutil

from kuukausi.errors import DidNotStart, StackError
from kuukausi.stack import leash
from kuukausi.stack.configuration import Configuration
from kuukausi.stack.files import write_whole
from kuukausi.stack.layout import Layout
from kuukausi.stack.process import MARK, base_environment
from kuukausi.stack.running import already_runs, is_running, kill_left_overs, not_running, processes_of, running
from kuukausi.stack.services import ask, health_port_name

_NEEDED_BYTES: Final = 1_000_000_000
_STOP_SECONDS: Final = 90

Report = Callable[[dict[str, Any]], None]
"""Called with each line that the supervisor says: step, state and facts."""


def start(layout: Layout, configuration: Configuration, report: Report, *, is_attached: bool = False) -> dict[str, Any]:
    """Start the stack and wait until it is ready; returns its last report, with `console` and `form`.

    An attached stack dies with this process (the demo's); others go on until `stop`.
    """
    if is_running(layout):
        raise already_runs(layout)
    layout.create()
    _refuse_full_disk(layout)
    write_whole(layout.configuration, configuration.model_dump_json(indent=1))
    supervisor = _launch(layout, is_attached=is_attached)
    assert supervisor.stdout is not None
    try:
        with supervisor.stdout:
            ready = _follow(supervisor.stdout, layout, report)
    except BaseException:
        supervisor.terminate()
        supervisor.wait(_STOP_SECONDS)
        raise
    threading.Thread(target=supervisor.wait, name="end of the supervisor", daemon=True).start()  # leaves no zombie
    return ready


def _launch(layout: Layout, *, is_attached: bool) -> "subprocess.Popen[str]":
    program = [sys.executable, "-m", "kuukausi.stack.supervisor", layout.name]
    if is_attached:
        tied = [str(os.getpid()), str(int(signal.SIGTERM)), "-", "--"]
        program = [sys.executable, "-I", "-S", str(leash.__file__), *tied, *program]
    with (layout.logs / "supervisor.log").open("w") as log:
        return subprocess.Popen(
            program,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**base_environment(), MARK: layout.mark},
            start_new_session=True,
        )


def _follow(lines: IO[str], layout: Layout, report: Report) -> dict[str, Any]:
    for line in _reports(lines):
        report(line)
        if line["step"] == "stack" and line["state"] == "ready":
            return line
        if line["step"] == "stack" and line["state"] == "failed":
            raise StackError(line["error"], where=line["where"], remedy=line["remedy"])
    raise DidNotStart(
        "the supervisor ended before the stack was ready",
        where=str(layout.logs / "supervisor.log"),
        remedy="read that file, then start again",
    )


def _reports(lines: IO[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield json.loads(line)


def _refuse_full_disk(layout: Layout) -> None:
    free = shutil.disk_usage(layout.root).free
    if free < _NEEDED_BYTES:
        raise StackError(
            f"only {free // 1_000_000} MB are free, and a stack needs {_NEEDED_BYTES // 1_000_000} MB to work",
            where=str(layout.root),
            remedy="free disk space, or set XDG_STATE_HOME to a directory on a larger disk",
        )


def stop(layout: Layout) -> int:
    """End the stack and everything of it; returns how many left-overs of a dead supervisor had to be ended.

    Raises NotRunning when nothing of it was there.
    """
    if is_running(layout):
        _terminate(running(layout).supervisor_pid)
        kill_left_overs(layout)
        return 0
    if not layout.running.exists() and not processes_of(layout):
        raise not_running(layout)
    return kill_left_overs(layout)


def _terminate(pid: int) -> None:
    try:
        supervisor = psutil.Process(pid)
        supervisor.terminate()
        supervisor.wait(_STOP_SECONDS)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired:
        supervisor.kill()  # its children die with it


@dataclass(frozen=True)
class PartStatus:
    """How one part does; `missing` is what a service says it waits for."""

    name: str
    pid: int
    restarts: int
    is_up: bool
    missing: str


@dataclass(frozen=True)
class Status:
    """How a running stack does."""

    name: str
    console_url: str
    form_url: str
    is_ready: bool
    parts: tuple[PartStatus, ...]


def status(layout: Layout) -> Status:
    """Ask a running stack; raises NotRunning."""
    facts = running(layout)
    parts = tuple(
        _part_status(name, pid, facts.restarts.get(name, 0), facts.ports.get(health_port_name(name)))
        for name, pid in facts.pids.items()
    )
    ready = facts.is_ready and all(part.is_up and not part.missing for part in parts)
    return Status(layout.name, facts.console_url, facts.form_url, ready, parts)


def _part_status(name: str, pid: int, restarts: int, health_port: int | None) -> PartStatus:
    is_up = psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    missing = ""
    if is_up and health_port:
        code, text = ask(health_port, "/readyz")
        missing = "" if code == 200 else text or "no answer yet"
    return PartStatus(name, pid, restarts, is_up, missing)
