"""What the settings and the mailboxes file say about the ways in fits together, or is refused with its remedy."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from dsr_intake.adapters.imap_names import encode_folder
from dsr_intake.config import IntakeSettings
from dsr_intake.domain.arrivals import StoredArrival
from dsr_intake.domain.mail import MailPosition
from dsr_intake.entrypoints.ways_in import ways_in
from dsr_shared.contracts.words import Channel
from dsr_shared.settings import SettingsError

LMTP = {
    "controller_id": "acme",
    "kind": "lmtp",
    "addresses": ["privacy@company.example"],
    "own_mail_hosts": ["mx.company.example"],
}
IMAP = {"controller_id": "acme", "host": "localhost", "port": 993, "username": "u", "password": "canary"}


class NoStore:
    async def store_raw(
        self, controller_id: str, channel: Channel, raw: bytes, received_at: datetime, position: MailPosition | None
    ) -> StoredArrival:
        raise AssertionError


def settings_with(path: Path | None = None, **changes: object) -> IntakeSettings:
    here = Path("/nonexistent")
    values: dict[str, object] = {
        "database_url": "postgresql://nobody@127.0.0.1:1/x",
        "kafka_bootstrap_servers": "127.0.0.1:1",
        "kafka_username": "intake",
        "kafka_password": "not used here",
        "keyring_path": here,
        "public_keys_path": here,
        "blob_directory": here,
        "health_port": 0,
        "web_port": 0,
        "public_url": "http://127.0.0.1:8080",
        "mailboxes_path": path,
    }
    return IntakeSettings.load(**(values | changes))


def parts_of(entries: object, tmp_path: Path, **changes: object) -> list[str]:
    path = tmp_path / "mailboxes.json"
    path.write_text(json.dumps(entries))
    return list(ways_in(settings_with(path, **changes), NoStore(), CollectorRegistry()).parts)


def test_lmtp_is_off_unless_it_is_asked_for(tmp_path: Path) -> None:
    assert parts_of([IMAP], tmp_path) == ["mailbox 1 acme/INBOX"]
    assert list(ways_in(settings_with(), NoStore(), CollectorRegistry()).parts) == []


def test_mailboxes_and_lmtp_addresses_stand_in_one_file(tmp_path: Path) -> None:
    parts = parts_of([LMTP, IMAP], tmp_path, lmtp_listen="unix:/run/kuukausi/lmtp.sock")
    assert parts == ["mailbox 1 acme/INBOX", "lmtp"]


@pytest.mark.parametrize(
    ("entries", "listen", "words"),
    [
        ([LMTP], "", "set INTAKE_LMTP_LISTEN, or remove them"),
        ([IMAP], "127.0.0.1:2424", 'put addresses of kind "lmtp" into the mailboxes file'),
        ([LMTP, LMTP], "127.0.0.1:2424", "stands in the file twice"),
        ([LMTP | {"addresses": ["a+b@company.example"]}], "127.0.0.1:2424", "0.addresses: .* without \\+"),
        ([LMTP | {"own_mail_hosts": []}], "127.0.0.1:2424", "0.own_mail_hosts"),
        ([IMAP, IMAP | {"port": 0}], "", "1.port"),
        ([IMAP | {"kind": "pop3"}], "", "pop3"),
        ({}, "", "the file: .*valid"),
    ],
)
def test_what_does_not_fit_is_named_with_its_remedy(tmp_path: Path, entries: object, listen: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as refused:
        parts_of(entries, tmp_path, lmtp_listen=listen)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize("listen", ["unix:/run/kuukausi/lmtp.sock", "127.0.0.1:24", "[::1]:24", "127.8.8.8:24", ""])
def test_lmtp_listens_on_this_machine(listen: str) -> None:
    assert settings_with(lmtp_listen=listen).lmtp_listen == listen


@pytest.mark.parametrize("listen", ["0.0.0.0:24", "[::]:24", "192.0.2.1:24", "localhost:24", "24", "127.0.0.1:99999"])
def test_lmtp_listens_nowhere_else_unless_the_clients_are_named(listen: str) -> None:
    with pytest.raises(SettingsError, match="INTAKE_LMTP_LISTEN is wrong"):
        settings_with(lmtp_listen=listen)


def test_with_named_clients_lmtp_listens_where_they_reach_it() -> None:
    settings = settings_with(lmtp_listen="0.0.0.0:24", lmtp_clients="10.0.0.0/8, 192.0.2.7")
    assert settings.lmtp_host_and_port == ("0.0.0.0", 24)
    assert [str(network) for network in settings.lmtp_networks] == ["10.0.0.0/8", "192.0.2.7/32"]


@pytest.mark.parametrize(
    ("name", "on_the_wire"),
    [("INBOX", "INBOX"), ("Käsitelty", "K&AOQ-sitelty"), ("a & b", "a &- b"), ("台北", "&U,BTFw-")],
)
def test_folder_names_are_written_in_modified_utf_7(name: str, on_the_wire: str) -> None:
    assert encode_folder(name) == on_the_wire
