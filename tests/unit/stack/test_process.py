"""A child is on a leash, its log is bounded, and its start is waited for by event."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from kuukausi.errors import DidNotStart
from kuukausi.stack.logs import BoundedLog
from kuukausi.stack.process import Child, Command, base_environment, for_a_person

_PARENT = """
import sys
from pathlib import Path
from kuukausi.stack.process import Child, Command
sleep = "print('ready', flush=True); import time; time.sleep(60)"
command = Command("sleeper", [sys.executable, "-c", sleep], Path(sys.argv[1]))
child = Child.start(command, ready="ready")
child.wait_until_ready(20)
print(child.pid, flush=True)
sys.stdin.read()
"""


def _python(tmp_path: Path, code: str, **values: object) -> Command:
    return Command("program", [sys.executable, "-c", code], tmp_path / "log", **values)  # type: ignore[arg-type]


def test_a_child_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _PARENT, str(tmp_path / "log")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.is_running()
        parent.send_signal(signal.SIGKILL)
        child.wait(10)
    assert not child.is_running()


def test_a_child_that_ends_before_it_is_ready_is_told_with_its_last_words(tmp_path: Path) -> None:
    child = Child.start(_python(tmp_path, "print('no room'); raise SystemExit(3)"), ready="never")
    with pytest.raises(DidNotStart, match=r"(?s)ended with code 3.*no room") as caught:
        child.wait_until_ready(20)
    assert caught.value.where == str(tmp_path / "log")


def test_a_child_that_stays_silent_is_told_by_its_deadline(tmp_path: Path) -> None:
    child = Child.start(_python(tmp_path, "import time; time.sleep(60)"), ready="never")
    with pytest.raises(DidNotStart, match="not ready after 0 s"):
        child.wait_until_ready(0.1)
    child.stop()
    assert child.return_code == -signal.SIGTERM


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
    )
    child = Child.start(_python(tmp_path, code, stop_seconds=0.2), ready="ready")
    child.wait_until_ready(20)
    child.stop()
    assert child.return_code == -signal.SIGKILL


def test_a_log_keeps_to_its_limit(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "part.log", limit_bytes=100)
    for number in range(50):
        log.write(f"line {number}\n".encode())
    log.close()
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert len(sizes) == 2
    assert max(sizes) <= 100
    assert (tmp_path / "part.log").read_text().endswith("line 49\n")


def test_children_inherit_no_settings_and_no_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUUKAUSI_IMAP_PASSWORD", "salasana")
    monkeypatch.setenv("INTAKE_DATABASE_URL", "postgresql://elsewhere")
    environment = base_environment()
    assert environment["PATH"] == os.environ["PATH"]
    assert not {"KUUKAUSI_IMAP_PASSWORD", "INTAKE_DATABASE_URL"} & environment.keys()


def test_a_person_sees_the_last_line_of_a_traceback() -> None:
    lines = ["Traceback (most recent call last):", '  File "x.py", line 1', "ValueError: port 0", ""]
    assert for_a_person(lines) == "ValueError: port 0"
    assert for_a_person(["one", "two"]) == "one\ntwo"
