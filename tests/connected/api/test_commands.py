"""`kuukausi api-key` and `unsubscribe-link`, on a stack's database and key ring."""

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dsr_intake.adapters.unsubscribe_token import UnsubscribeTokens
from dsr_intake.config import IntakeSettings
from dsr_shared.keyring import KeyRing
from kuukausi.commands.api_keys import api_key
from kuukausi.commands.unsubscribe_links import unsubscribe_link
from kuukausi.errors import KuukausiError, WrongUse
from kuukausi.stack.layout import Layout
from kuukausi.stack.running import Running, held_lock

pytestmark = pytest.mark.connected
URL = "https://tietosuoja.esimerkki.example"


@pytest.fixture
def stack(settings: IntakeSettings, rings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Layout]:
    """What the commands look for on this machine, with the test's database behind it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    layout = Layout.of("koe")
    layout.create()
    layout.secrets_of("intake").mkdir(parents=True, exist_ok=True)
    (layout.secrets_of("intake") / "database_url").write_text(settings.database_url.get_secret_value())
    layout.keys.mkdir(parents=True, exist_ok=True)
    for file in rings.iterdir():
        (layout.keys / file.name).write_bytes(file.read_bytes())
        (layout.keys / file.name).chmod(0o600)
    registers = tmp_path / "registers"
    registers.mkdir()
    (registers / "esimerkki.yaml").write_text("")
    layout.configuration.write_text(json.dumps({"registers_directory": str(registers)}))
    with held_lock(layout):
        Running(os.getpid(), 0.0, {}, "", URL, is_ready=True).save(layout)
        yield layout


def call(command: object, *arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(command, [*arguments], input=text, env={"KUUKAUSI_NAME": "koe"})  # type: ignore[arg-type]


def test_a_key_is_shown_once_listed_by_its_prefix_and_revoked(stack: Layout) -> None:
    where = ("--controller", "esimerkki")
    made = json.loads(call(api_key, "add", *where, "--for", "verkkokauppa", "--json").output)
    assert made["key"].startswith(f"kk_{made['prefix']}_")
    listed = call(api_key, "list", *where).output
    assert made["prefix"] in listed
    assert made["key"] not in listed
    again = call(api_key, "add", *where, "--for", "verkkokauppa")
    assert isinstance(again.exception, KuukausiError)
    assert "verkkokauppa" in call(api_key, "revoke", *where, made["prefix"]).output
    assert json.loads(call(api_key, "list", *where, "--json").output)["revoked_at"]
    assert isinstance(call(api_key, "revoke", *where, made["prefix"]).exception, KuukausiError)
    assert call(api_key, "add", *where, "--for", "verkkokauppa").exit_code == 0


def test_a_company_without_a_register_gets_no_key(stack: Layout) -> None:
    assert isinstance(call(api_key, "add", "--controller", "kukaan", "--for", "x").exception, WrongUse)


@pytest.mark.promise("P09")
def test_a_list_of_addresses_gets_links_that_lead_back_to_them_and_shows_none(stack: Layout) -> None:
    text = "name,email\nAino,aino@posti.example\nEino, eino@posti.example \n"
    done = call(unsubscribe_link, "--controller", "esimerkki", "-", text=text)
    assert done.exit_code == 0, done.exception
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["name"] for row in rows] == ["Aino", "Eino"]
    tokens = UnsubscribeTokens(KeyRing.load(stack.keys / "intake.keyring.json"))
    for row in rows:
        assert row["list_unsubscribe_post"] == "List-Unsubscribe=One-Click"
        link = row["list_unsubscribe"]
        assert link.startswith(f"<{URL}/esimerkki/unsubscribe/")
        assert tokens.open("esimerkki", link[:-1].rsplit("/", 1)[-1]) == row["email"]


def test_a_line_without_an_address_is_named_and_another_column_can_be_given(stack: Layout) -> None:
    where = ("--controller", "esimerkki")
    wrong = call(unsubscribe_link, *where, "-", text="email\naino@posti.example\nei osoite\n")
    assert isinstance(wrong.exception, WrongUse)
    assert "line 3" in wrong.exception.where
    missing = call(unsubscribe_link, *where, "-", text="mail\naino@posti.example\n")
    assert "mail" in str(missing.exception)
    assert call(unsubscribe_link, *where, "--column", "mail", "-", text="mail\naino@posti.example\n").exit_code == 0
