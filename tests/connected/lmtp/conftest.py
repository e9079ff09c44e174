"""Intake's store on a real PostgreSQL, behind a gate that can be shut, with LMTP before it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.connected.gate import Gate
from tests.connected.lmtp.hand_over import OWN_HOST

from dsr_intake.adapters.arrival_store import raw_context
from dsr_intake.adapters.lmtp_wire import LmtpListener
from dsr_intake.adapters.mailboxes import LmtpAddresses
from dsr_intake.bootstrap import Intake, build
from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints.lmtp import MailTaker, by_address
from dsr_shared.contracts.base import SealedV1
from dsr_shared.keyring import create_key_rings
from dsr_shared.sealing import open_sealed

ENTRIES = (
    LmtpAddresses(
        controller_id="esimerkki",
        kind="lmtp",
        addresses=("tietosuoja@esimerkki.example", "Privacy@esimerkki.example"),
        own_mail_hosts=(OWN_HOST,),
    ),
    LmtpAddresses(
        controller_id="toinen",
        kind="lmtp",
        addresses=("tietosuoja@toinen.example",),
        own_mail_hosts=(OWN_HOST,),
    ),
)


@dataclass
class Front:
    """Intake as the server in front sees it, and what it stored."""

    intake: Intake
    gate: Gate
    counted: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def listening(self, path: Path | None = None) -> AsyncIterator[str | int]:
        taker = MailTaker(by_address(ENTRIES), self.intake.store, self.counted.append)
        listener = LmtpListener(path) if path else LmtpListener(host="127.0.0.1")
        async with listener.listening(taker.take, taker.refusal_of) as port:
            yield str(path) if path else port

    async def arrivals(self, controller_id: str = "esimerkki") -> list[tuple[bytes, str]]:
        """Raw bytes and time of receipt, oldest first; opened with the arrival's own key."""
        found = []
        async with self.intake.database.transaction(controller_id) as connection:
            for row in await connection.fetch("SELECT * FROM arrivals ORDER BY arrival_id"):
                key = await self.intake.keys.get(connection, row["key_id"])
                if row["raw_sealed"]:
                    sealed = SealedV1.model_validate_json(row["raw_sealed"])
                    raw = open_sealed(key, sealed, raw_context(row["arrival_id"]))
                else:
                    raw, _ = await self.intake.store.open_raw(connection, row["arrival_id"], key)
                found.append((raw, row["received_at"].isoformat()))
        return found


@pytest.fixture
async def front(service_database, tmp_path: Path) -> AsyncIterator[Front]:  # type: ignore[no-untyped-def]
    database = await service_database("intake")
    there = urlsplit(database.app_url)
    gate = Gate(there.port)
    await gate.open()
    create_key_rings(tmp_path / "keys")
    settings = IntakeSettings(
        database_url=database.app_url.replace(f":{there.port}", f":{gate.port}"),
        kafka_bootstrap_servers="127.0.0.1:1",
        kafka_username="intake",
        kafka_password="not used here",
        keyring_path=tmp_path / "keys/intake.keyring.json",
        public_keys_path=tmp_path / "keys/public-keys.json",
        blob_directory=tmp_path / "blobs",
        health_port=0,
        web_port=0,
        public_url="http://localhost:8080",
    )
    intake = await build(settings)
    yield Front(intake, gate)
    await intake.database.close()
    gate.shut()
