"""What docker-compose.yml says without being run, and the files that belong to it."""

import json
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from dsr_shared.keyring import KeyRing
from kuukausi.compose.keys import deliver_key_rings
from kuukausi.compose.office import may_run
from kuukausi.compose.secrets import password_in
from kuukausi.errors import StackError
from kuukausi.sample import ASKS_BY_FORM, ASKS_BY_MAIL, NAMESAKE
from kuukausi.stack.kafka import KafkaServer
from kuukausi.stack.services import ServiceProcess

ROOT = Path(__file__).parents[3]
MAKE_SECRETS = ROOT / "deploy" / "compose" / "make-secrets"
SERVICES = ("intake", "fulfilment", "notifier")


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_kafka_is_set_up_as_the_embedded_broker_is(compose: dict) -> None:
    """Everything but where it listens and lies, and how it learns the passwords."""
    server = KafkaServer(Path("/x"), Path("/x"), 9092, 9093, {"admin": ""}, (), "")
    wanted = {
        name: value
        for name, value in server._configuration().items()
        if "jaas" not in name and name not in {"listeners", "log.dirs", "advertised.listeners"}
    }
    wanted["controller.quorum.voters"] = "1@127.0.0.1:9093"
    given = compose["services"]["kafka"]["environment"]
    found = {f"KAFKA_{name.replace('_', '__').replace('.', '_').upper()}": value for name, value in wanted.items()}
    assert found.items() <= given.items()


def test_every_service_gets_every_setting_that_the_embedded_stack_gives_it(compose: dict) -> None:
    for service in SERVICES:
        given = {name for name in compose["services"][service]["environment"] if name.startswith(service.upper())}
        assert _embedded_settings(service) <= given


def _embedded_settings(service: str) -> set[str]:
    from kuukausi.stack.configuration import Configuration
    from kuukausi.stack.databases import service_database
    from kuukausi.stack.layout import Layout
    from kuukausi.stack.passwords import Passwords
    from kuukausi.stack.postgres import PostgresServer

    layout, passwords = Layout("x", Path("/x")), Passwords.new()
    kafka = KafkaServer(Path("/x"), Path("/x"), 1, 2, passwords.kafka, (), "")
    database = service_database(PostgresServer(Path("/x"), Path("/x"), 1, "", ""), service, passwords.roles)
    ports = dict.fromkeys(("web", "console", f"{service}_health"), 1)
    configuration = Configuration(registers_directory=Path("/x"))
    process = ServiceProcess(service, layout, configuration, passwords, database, kafka, ports)
    return set(process.environment(Path("/x")))


def test_no_secret_has_a_default_and_each_is_a_file_that_the_script_or_a_person_makes(
    compose: dict, tmp_path: Path
) -> None:
    make_secrets(tmp_path / "secrets", "--demo")
    assert set(compose["secrets"]) == {path.name for path in (tmp_path / "secrets").iterdir() if path.is_file()}
    for name, secret in compose["secrets"].items():
        assert secret == {"file": f"${{SECRETS:-./secrets}}/{name}"}


def make_secrets(directory: Path, *options: str) -> None:
    subprocess.run([MAKE_SECRETS, *options, directory], check=True, capture_output=True)


def test_secrets_are_made_once_and_belong_together(tmp_path: Path) -> None:
    directory = tmp_path / "secrets"
    make_secrets(directory)
    before = {path.name: path.read_text() for path in directory.iterdir() if path.is_file()}
    make_secrets(directory, "--demo")
    after = {path.name: path.read_text() for path in directory.iterdir() if path.is_file()}
    assert before.items() <= after.items()
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    for user in ("admin", *SERVICES):
        assert f'user_{user}="{after[f"kafka_{user}_password"]}"' in after["kafka_jaas.conf"]
    passwords = {password_in(after[f"{service}_database_url"], f"{service}_app") for service in SERVICES}
    assert len(passwords) == len(SERVICES)


def test_the_demo_has_a_mailbox_for_everybody_in_it(tmp_path: Path) -> None:
    make_secrets(tmp_path / "secrets", "--demo")
    accounts = json.loads((tmp_path / "secrets" / "mail_accounts.json").read_text())
    assert {ASKS_BY_FORM.email, ASKS_BY_MAIL.email, NAMESAKE.email} <= set(accounts)
    for box in json.loads((tmp_path / "secrets" / "mailboxes.json").read_text()):
        assert box["password"] == accounts[box["username"]]


def test_an_address_of_another_user_is_refused_without_showing_its_password() -> None:
    with pytest.raises(StackError) as refused:
        password_in("postgresql://postgres:open-sesame@postgres:5432/intake", "intake_app")
    assert "open-sesame" not in str(refused.value)


def test_key_rings_are_made_once_and_each_service_gets_its_own(tmp_path: Path) -> None:
    for service in SERVICES:
        (tmp_path / service).mkdir()
    assert deliver_key_rings(tmp_path)
    ring = (tmp_path / "intake" / "intake.keyring.json").read_bytes()
    assert not deliver_key_rings(tmp_path)
    assert (tmp_path / "intake" / "intake.keyring.json").read_bytes() == ring
    for service in SERVICES:
        assert {path.name for path in (tmp_path / service).iterdir()} == {f"{service}.keyring.json", "public-keys.json"}
        assert KeyRing.load(tmp_path / service / f"{service}.keyring.json").service == service


def test_a_lost_key_ring_is_never_replaced_by_a_new_one(tmp_path: Path) -> None:
    for service in SERVICES:
        (tmp_path / service).mkdir()
    deliver_key_rings(tmp_path)
    (tmp_path / "notifier" / "notifier.keyring.json").unlink()
    with pytest.raises(StackError, match=r"notifier\.keyring\.json"):
        deliver_key_rings(tmp_path)
    assert not (tmp_path / "notifier" / "notifier.keyring.json").exists()


def test_commands_of_the_embedded_stack_are_refused_where_services_run_in_containers() -> None:
    assert may_run(["user", "add"])
    assert may_run(["keys", "status"])
    assert not may_run(["keys", "rotate"])
    assert not may_run(["down"])
    assert not may_run([])


def test_only_local_addresses_are_published_but_by_the_proxy(compose: dict) -> None:
    for name, service in compose["services"].items():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:") or name == "proxy"
