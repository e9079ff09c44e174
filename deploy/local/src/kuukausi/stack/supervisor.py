"""The process that owns all others of a stack: `python -m kuukausi.stack.supervisor NAME`.

It starts the parts in order, says on standard output as JSON lines what it does until all are ready, then restarts
whatever dies, with growing pauses, until SIGTERM ends it. Children are on a leash (see `leash`): when this process is
killed, they die too. All children are started from the main thread, to which the leash is tied.
"""

import heapq
import json
import os
import queue
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from kuukausi.errors import DidNotStart, KuukausiError, StackError
from kuukausi.stack import prepare
from kuukausi.stack.configuration import Configuration
from kuukausi.stack.layout import Layout
from kuukausi.stack.plan import Plan, make_plan
from kuukausi.stack.process import Child
from kuukausi.stack.running import Running, held_lock, kill_left_overs
from kuukausi.stack.services import ServiceProcess, addresses, ask, is_installed, is_ready
from kuukausi.stack.topics import prepare_broker

_FIRST_PAUSE_SECONDS: Final = 0.5
_LONGEST_PAUSE_SECONDS: Final = 30.0
_STEADY_SECONDS: Final = 60
_READY_SECONDS: Final = 60

Start = Callable[[Callable[[Child], None]], Child]


class _AskedToStop(BaseException):
    """SIGTERM or SIGINT came; a BaseException, so that no handler of errors on the way keeps it."""


@dataclass
class _Part:
    """A child that shall always run: how it is started, and how often it had to be."""

    name: str
    start: Start
    child: Child | None = None
    failures: int = 0
    restarts: int = 0

    def pause_seconds(self) -> float:
        """Doubled with each early death; a part that ran for a while starts anew at the shortest."""
        assert self.child is not None
        lasted = time.monotonic() - self.child.started_at
        self.failures = 1 if lasted > _STEADY_SECONDS else self.failures + 1
        return min(_FIRST_PAUSE_SECONDS * 2.0 ** min(self.failures - 1, 10), _LONGEST_PAUSE_SECONDS)


class Reporter:
    """Tells whoever started us how the start goes, and the log file too."""

    def __init__(self) -> None:
        self._is_heard = True

    def say(self, **facts: object) -> None:
        line = json.dumps(facts)
        print(line, file=sys.stderr, flush=True)
        if self._is_heard:
            try:
                print(line, flush=True)
            except BrokenPipeError:  # the one who started us has gone
                self._is_heard = False

    def hang_up(self) -> None:
        """Let the one who reads standard output go on."""
        self._is_heard = False
        null = os.open(os.devnull, os.O_WRONLY)
        with suppress(OSError):
            os.dup2(null, 1)
        os.close(null)


@dataclass
class Supervisor:
    """Runs one plan. `parts` are in the order of their start; they are stopped in reverse."""

    plan: Plan
    reporter: Reporter
    parts: dict[str, _Part] = field(default_factory=dict)
    _ended: "queue.SimpleQueue[tuple[str, Child]]" = field(default_factory=queue.SimpleQueue)
    _due: list[tuple[float, str]] = field(default_factory=list)

    def run(self) -> None:
        """Start everything, then keep it up; returns only by an exception, with all parts stopped."""
        where = addresses(self.plan.configuration, self.plan.ports)
        self.running = Running(os.getpid(), time.time(), self.plan.ports, where.console_url, where.form_url)
        try:
            self._start_all()
            self.running.is_ready = True
            self._save()
            self.reporter.say(step="stack", state="ready", console=where.console_url, form=where.form_url)
            self.reporter.hang_up()
            self._keep_up()
        finally:
            self._stop_all()

    def _start_all(self) -> None:
        plan = self.plan
        prepare.make_key_rings(plan.layout)
        self._begin_servers()
        self._await("PostgreSQL", lambda child: plan.postgres.wait(child))
        self._step("databases", lambda: prepare.prepare_databases(plan))
        for service in plan.services:
            service.write_secrets()
        self._step("tables", lambda: prepare.migrate(plan.services))
        self._await("Kafka", lambda child: plan.kafka.wait(child))
        self._step("topics and access rules", lambda: prepare_broker(plan.kafka))
        if mail := plan.mail:
            self._await("mail server", lambda child: mail.wait(child))
        self._start_services()

    def _begin_servers(self) -> None:
        """All at once: Kafka takes four times as long as PostgreSQL, whose databases are prepared meanwhile."""
        plan = self.plan
        self._begin("PostgreSQL", lambda on_exit: plan.postgres.start(on_exit))
        self._begin("Kafka", lambda on_exit: plan.kafka.start(on_exit))
        if mail := plan.mail:
            self._begin("mail server", lambda on_exit: mail.start(on_exit))

    def _start_services(self) -> None:
        for service in self.plan.services:
            command = service.run()
            self._begin(service.name, lambda on_exit, command=command: Child.start(command, on_exit=on_exit))  # type: ignore[misc]
        for service in self.plan.services:
            self._await(service.name, lambda child, service=service: self._until_ready(service, child))  # type: ignore[misc]

    def _until_ready(self, service: ServiceProcess, child: Child) -> None:
        """A service that ends has a fault of its own; one that waits for something outside may go on waiting."""
        try:
            child.wait_until(lambda: is_ready(service.health_port), _READY_SECONDS)
        except DidNotStart:
            status, missing = ask(service.health_port, "/readyz")
            if not child.is_running() or status == 0:
                raise
            self.reporter.say(step=service.name, state="waits", missing=missing)

    def _step(self, name: str, act: Callable[[], None]) -> None:
        self.reporter.say(step=name, state="starts")
        act()
        self.reporter.say(step=name, state="ready")

    def _begin(self, name: str, start: Start) -> None:
        self.reporter.say(step=name, state="starts")
        part = self.parts[name] = _Part(name, start)
        self._launch(part)

    def _await(self, name: str, wait: Callable[[Child], None]) -> None:
        child = self.parts[name].child
        assert child is not None
        wait(child)
        self.reporter.say(step=name, state="ready")

    def _launch(self, part: _Part) -> None:
        part.child = part.start(lambda child: self._ended.put((part.name, child)))
        self._save()

    def _keep_up(self) -> None:
        while True:
            self._restart_due()
            timeout = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
            with suppress(queue.Empty):
                self._plan_restart(*self._ended.get(timeout=timeout))

    def _plan_restart(self, name: str, child: Child) -> None:
        part = self.parts[name]
        if child is not part.child:
            return
        pause = part.pause_seconds()
        self.reporter.say(step=name, state="ended", code=child.return_code, restart_in_seconds=pause)
        heapq.heappush(self._due, (time.monotonic() + pause, name))

    def _restart_due(self) -> None:
        while self._due and self._due[0][0] <= time.monotonic():
            part = self.parts[heapq.heappop(self._due)[1]]
            part.restarts += 1
            self._launch(part)

    def _stop_all(self) -> None:
        """In reverse order, so that each part still finds what it leans on; the services together."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        children = [part.child for part in reversed(self.parts.values()) if part.child]
        for child in children:
            if child.command.name in self.plan.configuration.services:
                child.ask_to_stop()
        for child in children:
            child.stop()
        self.plan.layout.running.unlink(missing_ok=True)

    def _save(self) -> None:
        self.running.pids = {name: part.child.pid for name, part in self.parts.items() if part.child}
        self.running.restarts = {name: part.restarts for name, part in self.parts.items()}
        self.running.save(self.plan.layout)


def main() -> int:
    """Run the stack named on the command line; its configuration is where `kuukausi up` wrote it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _on_signal)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    layout, reporter = Layout.of(sys.argv[1]), Reporter()
    try:
        with held_lock(layout):
            kill_left_overs(layout)
            configuration = Configuration.model_validate_json(layout.configuration.read_bytes())
            _refuse_missing(configuration)
            Supervisor(make_plan(layout, configuration), reporter).run()
    except _AskedToStop:
        reporter.say(step="stack", state="stopped")
    except KuukausiError as error:
        reporter.say(step="stack", state="failed", **error.facts())
        return error.exit_code
    except OSError as error:
        reporter.say(step="stack", state="failed", **_from_system(error, layout).facts())
        return 1
    return 0


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    raise _AskedToStop


def _refuse_missing(configuration: Configuration) -> None:
    missing = [name for name in configuration.services if not is_installed(name)]
    if missing:
        raise StackError(
            f"not installed: {', '.join(missing)}",
            where=sys.prefix,
            remedy="run `make install`",
        )


def _from_system(error: OSError, layout: Layout) -> StackError:
    return StackError(
        f"the system refused: {error.strerror or error}",
        where=str(error.filename or layout.root),
        remedy="free disk space, or see that this directory belongs to you, then start again",
    )


if __name__ == "__main__":
    sys.exit(main())
