"""Mail in a real Dovecot: what goes wrong at companies goes wrong here, and no mail is lost or stored twice."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from tests.connected.mailbox.dovecot import OWN_HOST, Account, Dovecot
from tests.connected.mailbox.reading_mail import FakeStore, reading, until

from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints import mailbox as entrypoint
from dsr_intake.entrypoints.mailbox import MailboxReader, Patience
from dsr_intake.entrypoints.ways_in import ways_in
from dsr_shared.testing import wait_until
from kuukausi.stack.ports import free_ports

pytestmark = pytest.mark.connected
ARCHIVE = "Archive/Kuukausi"  # with a quota of its own: a move inside one quota is never refused
QUICK = Patience(0.05, 0.2, 0.2, 0.4)


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    return dovecot.add_user()


def a_mail(number: int = 1, size: int = 0) -> bytes:
    stamp = f"Received: from a.example by {OWN_HOST} (Postfix); Sun, 01 Feb 2026 23:30:00 +0000"
    return (
        f"{stamp}\r\nMessage-ID: <{number}@person.example>\r\nSubject: mail {number}\r\n\r\n{'x' * size}\r\n".encode()
    )


async def test_mail_is_stored_by_our_own_servers_stamp_and_then_lies_in_the_handled_folder(account: Account) -> None:
    account.append(a_mail(1))
    store = FakeStore()
    async with reading(reader := MailboxReader(account.settings(), store, patience=QUICK)):
        await until(lambda: reader.problem is None)
        await until(account.is_idling)
        account.append(a_mail(2))
        await until(lambda: len(store.arrivals) == 2)
        await until(lambda: account.count("Kuukausi") == 2)
    assert account.count() == 0
    assert {arrival.times for arrival in store.arrivals.values()} == {1}
    assert {arrival.received_at for arrival in store.arrivals.values()} == {datetime(2026, 2, 1, 23, 30, tzinfo=UTC)}
    assert set(store.arrivals) == {a_mail(1), a_mail(2)}


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_mail_is_read_over_tls_from_a_server_whose_certificate_is_trusted(
    dovecot: Dovecot, account: Account, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    account.append(a_mail())
    port = dovecot.tls_port if security == "tls" else dovecot.port
    settings = account.settings(host="localhost", port=port, security=security)
    store = FakeStore()
    async with reading(reader := MailboxReader(settings, store, patience=QUICK)):
        await until(lambda: "certificate is not trusted" in (reader.problem or ""))
        monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.directory / "certificate.pem"))
        await until(lambda: len(store.arrivals) == 1 and reader.problem is None)


async def test_folders_may_be_named_in_finnish(account: Account) -> None:
    account.append(a_mail())
    settings = account.settings(handled_folder="Käsitelty & hyvä")
    async with reading(MailboxReader(settings, FakeStore(), patience=QUICK)):
        await until(lambda: account.count('"K&AOQ-sitelty &- hyv&AOQ-"') == 1)


async def test_a_handled_folder_that_cannot_be_made_is_named_before_any_mail_is_touched(account: Account) -> None:
    account.append(a_mail())
    store = FakeStore()
    settings = account.settings(handled_folder="a\tb/" + "x" * 300)
    async with reading(reader := MailboxReader(settings, store, patience=QUICK)):
        await until(lambda: "set handled_folder" in (reader.problem or ""))
    assert not store.arrivals
    assert account.count() == 1


async def test_mail_that_comes_while_a_sweep_runs_is_not_left_for_the_next_look(account: Account) -> None:
    account.append(a_mail(0))
    store = FakeStore()
    store.on_store = lambda: account.append(a_mail(len(store.arrivals))) if len(store.arrivals) < 4 else None
    async with reading(MailboxReader(account.settings(poll_seconds=600), store, patience=QUICK)):
        await until(lambda: len(store.arrivals) == 4)
        await until(lambda: account.count("Kuukausi") == 4)


async def test_after_uidvalidity_changed_what_lies_there_is_read_again_and_known_by_its_bytes(
    dovecot: Dovecot, account: Account
) -> None:
    store = FakeStore()
    account.append(a_mail(1, size=9000))
    dovecot.set_quota(account.address, "*:storage=4k")  # so that the mail stays in the mailbox
    settings = account.settings(handled_folder=ARCHIVE)
    async with reading(reader := MailboxReader(settings, store, patience=QUICK)):
        await until(lambda: "full" in (reader.problem or ""))
        first = reader._uidvalidity
        account.number_anew()
        await until(lambda: reader._uidvalidity not in (None, first))
        await until(lambda: next(iter(store.arrivals.values())).times == 2)
        dovecot.set_quota(account.address, "*:storage=100M")
        await until(lambda: reader.problem is None)
    assert len(store.arrivals) == 1
    assert (account.count(), account.count(ARCHIVE)) == (0, 1)


async def test_mail_still_arrives_after_the_idling_connection_was_cut(account: Account) -> None:
    store = FakeStore()
    async with reading(reader := MailboxReader(account.settings(poll_seconds=600), store, patience=QUICK)):
        await until(lambda: reader.problem is None and account.is_idling())
        assert account.cut_connections() == 1
        account.append(a_mail())
        await until(lambda: len(store.arrivals) == 1)
        await until(lambda: account.count("Kuukausi") == 1)


async def test_a_full_mailbox_keeps_its_mail_which_is_stored_once_and_says_so(
    dovecot: Dovecot, account: Account
) -> None:
    account.append(a_mail(1, size=9000))
    dovecot.set_quota(account.address, "*:storage=4k")
    store, reasons = FakeStore(), list[str]()
    settings = account.settings(handled_folder=ARCHIVE)
    reader = MailboxReader(settings, store, patience=QUICK, count_failure=reasons.append)
    async with reading(reader):
        await until(lambda: len(reasons) >= 3)
        problem = reader.problem or ""
        assert account.count() == 1
        dovecot.set_quota(account.address, "*:storage=100M")
        await until(lambda: reader.problem is None)
        await until(lambda: account.count(ARCHIVE) == 1)
    assert "it is full" in problem
    assert "nothing is lost: make room or raise the quota" in problem
    assert "OVERQUOTA" in problem
    assert set(reasons) == {"mailbox_full"}
    assert [arrival.times for arrival in store.arrivals.values()] == [1]


async def test_a_changed_password_is_told_counted_and_tried_seldom_until_it_is_put_right_in_the_file(
    dovecot: Dovecot, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrypoint, "LOOK_FOR_NEW_SECRETS_SECONDS", 0.05)
    path, registry = tmp_path / "mailboxes.json", CollectorRegistry()
    store = FakeStore()
    write_mailboxes(path, account)
    ways = ways_in(settings_with(path), store, registry)
    ((name, check),) = ways.checks.items()

    def refusals() -> float:
        labels = {"mailbox": name, "reason": "refused"}
        return registry.get_sample_value("dsr_mailbox_failures_total", labels) or 0

    def refused_sign_ins() -> int:
        return dovecot.log().count(f"passwd-file({account.address},127.0.0.1")

    async def is_well() -> bool:
        return await check() is None

    async with reading(ways.parts[name]):
        await until(account.is_idling)
        dovecot.set_password(account.address, "another one")
        account.append(a_mail(1))
        await until(lambda: len(store.arrivals) == 1)
        refused_before = refused_sign_ins()
        account.cut_connections()
        await until(lambda: refusals() == 1)
        problem = await check()
        assert refused_sign_ins() - refused_before == 1, "no flood that locks the account"
        account.append(a_mail(2))
        write_mailboxes(path, account)
        await until(lambda: len(store.arrivals) == 2)
        await wait_until(is_well, 10, "a mailbox that is read")
    assert problem is not None
    assert "refuses user name or password; correct them in the mailboxes file" in problem
    assert refusals() == 1


async def test_a_password_that_is_put_right_at_the_server_is_found_after_the_pause(
    dovecot: Dovecot, account: Account
) -> None:
    settings, right = account.settings(), account.password
    dovecot.set_password(account.address, "another one")
    async with reading(reader := MailboxReader(settings, FakeStore(), patience=QUICK)):
        await until(lambda: "refuses" in (reader.problem or ""))
        dovecot.set_password(account.address, right)
        await until(lambda: reader.problem is None)


async def test_a_password_file_is_read_at_each_sign_in(account: Account, tmp_path: Path) -> None:
    path = tmp_path / "password"
    settings = account.settings(password=None, password_file=path)
    async with reading(reader := MailboxReader(settings, FakeStore(), patience=QUICK)):
        await until(lambda: f"password_file: {path} cannot be read" in (reader.problem or ""))
        path.write_text(account.password + "\n")
        await until(lambda: reader.problem is None)


async def test_a_server_that_is_away_at_the_start_and_later_is_found_again(
    dovecot: Dovecot, run_directory: Path
) -> None:
    own = Dovecot(run_directory / "dovecot-away", free_ports(1)[0], dovecot.introspection_url)
    own.prepare()
    account, store = own.add_user(), FakeStore()
    async with reading(reader := MailboxReader(account.settings(), store, patience=QUICK)):
        await until(lambda: "Unreachable" in (reader.problem or ""))
        own.start()
        try:
            account.append(a_mail(1))
            await until(lambda: len(store.arrivals) == 1 and reader.problem is None)
            own.kill()
            await until(lambda: "Unreachable" in (reader.problem or ""))
            own.start()
            account.append(a_mail(2))
            await until(lambda: len(store.arrivals) == 2 and reader.problem is None)
        finally:
            own.kill()


async def test_a_mailbox_with_a_thousand_mails_is_taken_in(account: Account) -> None:
    account.append_many([a_mail(number, size=2000) for number in range(1000)])
    store = FakeStore()
    async with reading(reader := MailboxReader(account.settings(), store, patience=QUICK)):
        await wait_until(lambda: reader.problem is None and len(store.arrivals) == 1001, 60, "all mails")
    assert account.count("Kuukausi") == 1001
    assert {arrival.times for arrival in store.arrivals.values()} == {1}


def write_mailboxes(path: Path, account: Account) -> None:
    values = json.loads(account.settings().model_dump_json(exclude_none=True)) | {"password": account.password}
    path.write_text(json.dumps([values]))


def settings_with(path: Path) -> IntakeSettings:
    here = Path("/nonexistent")
    return IntakeSettings(
        database_url="postgresql://nobody@127.0.0.1:1/x",
        kafka_bootstrap_servers="127.0.0.1:1",
        kafka_username="intake",
        kafka_password="not used here",
        keyring_path=here,
        public_keys_path=here,
        blob_directory=here,
        health_port=0,
        web_port=0,
        public_url="http://127.0.0.1:8080",
        mailboxes_path=path,
    )
