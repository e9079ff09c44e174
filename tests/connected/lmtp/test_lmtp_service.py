"""The whole process takes mail by LMTP, also while Kafka is away, and its log holds nothing of the mail."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest
from tests.connected.lmtp.conftest import ENTRIES, Front
from tests.connected.lmtp.hand_over import a_mail, hand_over

from dsr_shared.testing import wait_until

pytestmark = pytest.mark.connected
MARKED = ("aino", "tietopyynto", "haluan", "+k-2026")


async def test_the_process_takes_mail_at_its_socket_and_ends_cleanly(front: Front, tmp_path: Path) -> None:
    path, mailboxes = tmp_path / "lmtp.sock", tmp_path / "mailboxes.json"
    mailboxes.write_text(json.dumps([entry.model_dump() for entry in ENTRIES]))
    values = front.intake.settings.model_dump() | {
        "mailboxes_path": mailboxes,
        "lmtp_listen": f"unix:{path}",
        "database_url": front.intake.settings.database_url.get_secret_value(),
        "kafka_password": "not used here",
    }
    environment = {f"INTAKE_{name.upper()}": str(value) for name, value in values.items() if value is not None}
    with (tmp_path / "intake.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "dsr_intake", env={**environment, "PATH": os.environ["PATH"]}, stderr=log
        )
    try:
        await wait_until(path.is_socket, 30, "intake at its socket")
        assert await hand_over(str(path), ["tietosuoja+K-2026-0001@esimerkki.example"], a_mail()) == [250]
        assert len(await front.arrivals()) == 1
        front.gate.shut()
        assert await hand_over(str(path), ["tietosuoja@esimerkki.example"], a_mail(2)) == [451]
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    said = (tmp_path / "intake.log").read_text().lower()
    assert "cannot be stored; it will come again" in said
    assert not [word for word in MARKED if word in said]
    assert process.returncode == 0, said
    assert not path.exists()
