"""`kuukausi suppressions check` leaves out of a list whoever said no, whatever way the address is written."""

import asyncio
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from dsr_fulfilment.config import FulfilmentSettings
from kuukausi.commands.suppressions import suppressions
from kuukausi.stack.layout import Layout
from kuukausi.stack.running import Running, held_lock

pytestmark = pytest.mark.connected
LIST = "name,email\nAino, AINO@posti.example\nEino,eino@posti.example\n"


@pytest.mark.promise("P09")
async def test_an_address_that_opted_out_is_not_added_anew(
    desk, others, settings: FulfilmentSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await others.request("marketing_opt_out", email="aino@posti.example")
    await desk.work()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    layout = Layout.of("koe")
    layout.create()
    layout.secrets_of("fulfilment").mkdir(parents=True, exist_ok=True)
    (layout.secrets_of("fulfilment") / "database_url").write_text(settings.database_url.get_secret_value())
    layout.keys.mkdir(parents=True, exist_ok=True)
    for file in settings.keyring_path.parent.iterdir():
        (layout.keys / file.name).write_bytes(file.read_bytes())
        (layout.keys / file.name).chmod(0o600)
    layout.configuration.write_text(json.dumps({"registers_directory": str(settings.registers_directory)}))
    with held_lock(layout):
        Running(os.getpid(), 0.0, {}, "", "", is_ready=True).save(layout)
        arguments = ["check", "--name", "koe", "--controller", "esimerkki", "-"]
        done = await asyncio.to_thread(CliRunner().invoke, suppressions, arguments, LIST)
    assert done.exit_code == 0, done.exception
    assert done.stdout == "name,email\nEino,eino@posti.example\n"
    assert "1 of 2" in done.stderr
