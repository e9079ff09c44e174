"""A stack comes up, keeps itself up, and leaves nothing running, however it ends."""

import asyncio
import json
import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psutil
import pytest

from kuukausi.errors import AlreadyRuns, NotRunning, StackError
from kuukausi.stack import control
from kuukausi.stack.configuration import Configuration, DemoMail
from kuukausi.stack.layout import Layout
from kuukausi.stack.passwords import Passwords
from kuukausi.stack.plan import fetch_programs
from kuukausi.stack.ports import free_ports
from kuukausi.stack.postgres import ADMIN, connect
from kuukausi.stack.running import is_running, processes_of, running
from kuukausi.stack.waiting import holds_within

pytestmark = pytest.mark.connected

NewLayout = Callable[[], Layout]


def _configuration(**values: object) -> Configuration:
    """Servers without services: the services have journeys of their own."""
    return Configuration.model_validate({"registers_directory": Path("/"), "services": (), **values})


def _start(layout: Layout, **values: object) -> list[str]:
    steps: list[str] = []
    control.start(layout, _configuration(**values), lambda line: steps.append(f"{line['step']} {line['state']}"))
    return steps


def _count_databases(layout: Layout) -> int:
    async def count() -> int:
        port = running(layout).ports["postgres"]
        password = Passwords.load(layout.passwords).postgres_admin
        connection = await connect(f"postgresql://{ADMIN}:{password}@127.0.0.1:{port}/postgres")
        try:
            return int(await connection.fetchval("select count(*) from pg_database"))
        finally:
            await connection.close()

    return asyncio.run(count())


def test_up_and_down_leave_nothing_running(new_layout: NewLayout) -> None:
    layout = new_layout()
    steps = _start(layout, demo_mail=DemoMail(accounts={"tietosuoja@example.test": "salasana"}))
    assert steps[-1] == "stack ready"
    assert {part.name for part in control.status(layout).parts} == {"PostgreSQL", "Kafka", "mail server"}
    assert control.status(layout).is_ready
    with pytest.raises(AlreadyRuns):
        _start(layout)
    assert control.stop(layout) == 0
    assert processes_of(layout) == []
    with pytest.raises(NotRunning):
        control.status(layout)
    with pytest.raises(NotRunning):
        control.stop(layout)


def test_a_killed_supervisor_leaves_no_orphans(new_layout: NewLayout) -> None:
    layout = new_layout()
    _start(layout, demo_mail=DemoMail())
    supervisor = psutil.Process(running(layout).supervisor_pid)
    family = [supervisor, *supervisor.children(recursive=True)]
    assert len(family) > 4, "PostgreSQL has workers of its own"
    supervisor.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
    assert processes_of(layout) == []
    assert not is_running(layout)


def test_a_stack_comes_up_again_after_a_kill_with_its_data(new_layout: NewLayout) -> None:
    layout = new_layout()
    _start(layout)
    passwords = layout.passwords.read_text()
    databases = _count_databases(layout)
    os.kill(running(layout).supervisor_pid, signal.SIGKILL)
    assert holds_within(lambda: not processes_of(layout), 20)
    _start(layout)
    assert layout.passwords.read_text() == passwords
    assert _count_databases(layout) == databases
    control.stop(layout)


def test_a_part_that_dies_is_started_again(new_layout: NewLayout) -> None:
    layout = new_layout()
    _start(layout)
    before = running(layout).pids["PostgreSQL"]
    os.kill(before, signal.SIGKILL)
    assert holds_within(lambda: running(layout).pids["PostgreSQL"] != before, 20)
    assert running(layout).restarts["PostgreSQL"] == 1
    assert holds_within(lambda: _answers(layout), 30)
    control.stop(layout)


def _answers(layout: Layout) -> bool:
    try:
        return _count_databases(layout) > 0
    except (OSError, asyncpg.CannotConnectNowError):
        return False


def test_two_stacks_run_side_by_side(new_layout: NewLayout) -> None:
    first, second = new_layout(), new_layout()
    _start(first)
    _start(second)
    assert not set(running(first).ports.values()) & set(running(second).ports.values())
    assert control.stop(first) == 0
    assert control.status(second).is_ready
    control.stop(second)


def test_the_second_start_needs_no_network(new_layout: NewLayout, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch_programs(_configuration(demo_mail=DemoMail()))
    (nobody,) = free_ports(1)
    for variable in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(variable, f"http://127.0.0.1:{nobody}")
    fetch_programs(_configuration(demo_mail=DemoMail()))
    layout = new_layout()
    assert _start(layout)[-1] == "stack ready"
    control.stop(layout)


def test_secrets_are_closed_to_others(new_layout: NewLayout) -> None:
    layout = new_layout()
    _start(layout)
    control.stop(layout)
    for path in (*layout.secrets.rglob("*"), *layout.keys.glob("*.keyring.json"), layout.kafka / "server.properties"):
        forbidden = stat.S_IRWXG | stat.S_IRWXO
        assert not path.stat().st_mode & forbidden, path
    logged = b"".join(path.read_bytes() for path in layout.logs.iterdir())
    known = json.loads(layout.passwords.read_text())
    for password in (known["postgres_admin"], *known["roles"].values(), *known["kafka"].values()):
        assert password.encode() not in logged


def test_a_port_in_use_is_named(new_layout: NewLayout) -> None:
    layout, other = new_layout(), new_layout()
    _start(other)
    taken = running(other).ports["postgres"]
    with pytest.raises(StackError, match=f"port {taken}.*in use") as caught:
        _start(layout, web_port=taken)
    assert "--web-port" in caught.value.remedy
    assert processes_of(layout) == []
    control.stop(other)
