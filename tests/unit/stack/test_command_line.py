"""What the command says when it is used wrongly: what, where, what to do next, and never a traceback."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kuukausi import cli
from kuukausi.stack.ports import free_ports

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process, without a terminal and with a state directory of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kuukausi", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0), said.out, said.err

    return run


def _register(tmp_path: Path, *names: str) -> str:
    directory = tmp_path / "registers"
    directory.mkdir(exist_ok=True)
    for name in names:
        (directory / f"{name}.yaml").write_text("name: x\n")
    return str(directory)


def test_help_lists_the_commands(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    for command in ("up", "down", "status", "keys", "dead-letters", "republish"):
        assert command in out


def test_an_unknown_command_is_wrong_use(run: Run) -> None:
    code, _, err = run("uup")
    assert code == 2
    assert "No such command" in err


@pytest.mark.parametrize("command", [["down"], ["status"], ["keys", "rotate"], ["dead-letters", "list"]])
def test_a_stack_that_does_not_run_is_said(run: Run, command: list[str]) -> None:
    code, _, err = run(*command, "--name", "acme")
    assert code == 1
    assert "the stack `acme` does not run" in err
    assert "kuukausi up --name acme" in err


def test_errors_are_json_for_scripts(run: Run) -> None:
    code, out, _ = run("status", "--json")
    assert code == 1
    assert set(json.loads(out)) == {"error", "where", "remedy"}


def test_a_name_that_cannot_be_is_wrong_use(run: Run) -> None:
    code, _, err = run("status", "--name", "../etc")
    assert code == 2
    assert "cannot be the name of a stack" in err


def test_up_without_a_terminal_says_which_option_is_missing(run: Run) -> None:
    code, _, err = run("up")
    assert code == 2
    assert "--registers" in err


def test_up_names_an_empty_registers_directory(run: Run, tmp_path: Path) -> None:
    registers = _register(tmp_path)
    code, _, err = run("up", "--registers", registers)
    assert code == 2
    assert "no register of a controller" in err
    assert registers in err


def test_up_refuses_mail_in_clear_to_another_host(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUUKAUSI_IMAP_PASSWORD", "salasana")
    registers = _register(tmp_path, "acme")
    imap = ["--imap-host", "mail.example", "--imap-user", "u", "--imap-security", "none"]
    code, out, err = run("up", "--registers", registers, *imap, "--smtp-host", "127.0.0.1")
    assert code == 2
    assert "in clear" in err
    assert "salasana" not in out + err


def test_up_says_when_the_mail_server_cannot_be_reached(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUUKAUSI_IMAP_PASSWORD", "salasana")
    (nobody,) = free_ports(1)
    imap = ["--imap-host", "127.0.0.1", "--imap-port", str(nobody), "--imap-user", "u"]
    code, out, err = run("up", "--registers", _register(tmp_path, "acme"), *imap, "--smtp-host", "127.0.0.1")
    assert code == 1
    assert f"127.0.0.1:{nobody}" in err
    assert "--imap-security" in err
    assert "salasana" not in out + err


def test_several_controllers_need_a_file(run: Run, tmp_path: Path) -> None:
    code, _, err = run("up", "--registers", _register(tmp_path, "acme", "beta"))
    assert code == 2
    assert "--config" in err


def test_a_broken_configuration_file_is_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "kuukausi.toml"
    path.write_text('registers_directory = "."\nweb_prot = 8080\n')
    code, _, err = run("up", "--config", str(path))
    assert code == 2
    assert "web_prot" in err
    assert str(path) in err


def test_a_time_without_offset_is_wrong_use(run: Run) -> None:
    code, _, err = run("republish", "--since", "2026-11-22")
    assert code == 2
    assert "offset" in err


def test_a_mistake_of_our_own_is_kept_in_a_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("of a person")

    monkeypatch.setattr("kuukausi.stack.control.status", fail)
    code, _, err = run("status")
    assert code == 1
    assert "Traceback" not in err
    assert "of a person" not in err
    path = Path(err.split("where:")[1].split()[0])
    assert "ZeroDivisionError" in path.read_text()
    path.unlink()


def test_up_says_when_a_password_is_missing(run: Run, tmp_path: Path) -> None:
    imap = ["--imap-host", "127.0.0.1", "--imap-user", "u"]
    code, _, err = run("up", "--registers", _register(tmp_path, "acme"), *imap)
    assert code == 2
    assert "KUUKAUSI_IMAP_PASSWORD" in err


@pytest.mark.parametrize(
    "command",
    [["api-key", "list", "--controller", "x"], ["unsubscribe-link", "--controller", "x", "/dev/null"]],
)
def test_what_is_made_for_a_company_needs_its_stack(run: Run, command: list[str]) -> None:
    code, _, err = run(*command, "--name", "acme")
    assert code == 1
    assert "the stack `acme` does not run" in err


def test_keys_for_sign_ins_are_made_once_and_only_their_public_part_is_shown(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "acme.jwks"
    code, out, _ = run("sign-in-keys", str(file))
    kept, shown = json.loads(file.read_text()), json.loads(out)
    assert (code, file.stat().st_mode & 0o777) == (0, 0o600)
    assert [key["use"] for key in kept["keys"]] == [key["use"] for key in shown["keys"]] == ["sig", "enc"]
    assert all("d" in key for key in kept["keys"])
    assert all(set(key) == {"kty", "n", "e", "kid", "use"} for key in shown["keys"])
    code, _, err = run("sign-in-keys", str(file))
    assert (code, json.loads(file.read_text())) == (1, kept)
    assert "never replaced" in err
    code, _, err = run("sign-in-keys", str(tmp_path / "nowhere" / "acme.jwks"))
    assert code == 1
    assert "make its directory" in err
