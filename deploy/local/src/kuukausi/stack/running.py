"""Whether a stack runs, who its supervisor is, and what a dead one left behind."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import psutil

from kuukausi.errors import AlreadyRuns, NotRunning
from kuukausi.stack.files import write_whole
from kuukausi.stack.layout import Layout
from kuukausi.stack.process import MARK


@dataclass
class Running:
    """What the supervisor tells others about itself and its parts."""

    supervisor_pid: int
    started_at: float
    ports: dict[str, int]
    console_url: str
    form_url: str
    is_ready: bool = False
    pids: dict[str, int] = field(default_factory=dict)
    restarts: dict[str, int] = field(default_factory=dict)

    def save(self, layout: Layout) -> None:
        write_whole(layout.running, json.dumps(asdict(self), indent=1))


@contextmanager
def held_lock(layout: Layout) -> Iterator[None]:
    """Be the only supervisor of this stack; the kernel lets go when the process ends, however it ends."""
    descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise already_runs(layout) from None
        yield
    finally:
        os.close(descriptor)


def already_runs(layout: Layout) -> AlreadyRuns:
    return AlreadyRuns(
        f"the stack `{layout.name}` already runs",
        where=str(layout.root),
        remedy=f"see `kuukausi status --name {layout.name}`, or choose another --name to run a second one",
    )


def is_running(layout: Layout) -> bool:
    """Whether a living supervisor holds the lock."""
    if not layout.lock.exists():
        return False
    try:
        with held_lock(layout):
            return False
    except AlreadyRuns:
        return True


def running(layout: Layout) -> Running:
    """What the living supervisor says; raises NotRunning where there is none."""
    if not is_running(layout) or not layout.running.exists():
        raise not_running(layout)
    return Running(**json.loads(layout.running.read_text()))


def not_running(layout: Layout) -> NotRunning:
    return NotRunning(
        f"the stack `{layout.name}` does not run",
        where=str(layout.root),
        remedy=f"start it with `kuukausi up --name {layout.name}`",
    )


def processes_of(layout: Layout) -> list[psutil.Process]:
    """All processes that carry the stack's mark, but for this one and its parents."""
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [one for one in psutil.process_iter() if one.pid not in own and _carries(one, layout.mark)]


def _carries(process: psutil.Process, mark: str) -> bool:
    try:
        return bool(process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE)
    except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
        return False


def kill_left_overs(layout: Layout) -> int:
    """End what a dead supervisor left, such as a child of a service; returns how many there were."""
    left = processes_of(layout)
    for process in left:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(left, timeout=10)
    layout.running.unlink(missing_ok=True)
    return len(left)
