"""`kuukausi` inside the compose stack: users, dead letters and what else is done to services that run.

    docker compose run --rm office user add --controller esimerkki --name matti --role owner

The commands look for a stack of this machine; here they find one whose parts are the containers beside this one.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dsr_shared.contracts.words import SERVICES
from dsr_shared.keyring_files import PUBLIC_KEYS_NAME
from kuukausi import cli
from kuukausi.compose.secrets import secret
from kuukausi.stack.layout import Layout
from kuukausi.stack.running import Running, held_lock

COMMANDS: Final = {
    "api-key": "",
    "audit": "",
    "case": "",
    "dead-letters": "",
    "republish": "",
    "suppressions": "",
    "unsubscribe-link": "",
    "user": "",
    "webhooks": "",
    "keys": "status",
}
"""What works here, and of a group the only command that does."""
REGISTERS: Final = Path("/registers")
KEYS: Final = Path("/keys")


@contextmanager
def stack_of_containers(layout: Layout, keys: Path = KEYS, registers: Path = REGISTERS) -> Iterator[None]:
    """Give the commands what they look for; gone again afterwards."""
    layout.create()
    for service in SERVICES:
        _give_settings(layout, service, keys)
    _show_keys(layout, keys)
    layout.configuration.write_text(json.dumps({"registers_directory": str(registers)}))
    with held_lock(layout):
        pids: dict[str, int] = {service: os.getpid() for service in SERVICES}
        Running(os.getpid(), time.time(), {}, "", "", is_ready=True, pids=pids).save(layout)
        yield


def _give_settings(layout: Layout, service: str, keys: Path) -> None:
    """What differs from the service's own settings: where its secrets lie here, and that nothing is sent from here."""
    directory = layout.secrets_of(service)
    directory.mkdir(mode=0o700)
    for name, text in {"database_url": secret(f"{service}_database_url"), "kafka_password": "not used here"}.items():
        (directory / name).touch(mode=0o600)
        (directory / name).write_text(text)
    prefix = service.upper()
    os.environ[f"{prefix}_SECRETS_DIRECTORY"] = str(directory)
    os.environ[f"{prefix}_KEYRING_PATH"] = str(keys / service / f"{service}.keyring.json")
    os.environ[f"{prefix}_PUBLIC_KEYS_PATH"] = str(keys / service / PUBLIC_KEYS_NAME)


def _show_keys(layout: Layout, keys: Path) -> None:
    """As links in a directory that nobody may write to: rings are not changed from here."""
    layout.keys.mkdir(mode=0o700)
    for service in SERVICES:
        name = f"{service}.keyring.json"
        (layout.keys / name).symlink_to(keys / service / name)
    (layout.keys / PUBLIC_KEYS_NAME).symlink_to(keys / SERVICES[0] / PUBLIC_KEYS_NAME)
    layout.keys.chmod(0o500)


def may_run(arguments: Sequence[str]) -> bool:
    """Whether a command can do its work here."""
    if not arguments or arguments[0] not in COMMANDS:
        return False
    only = COMMANDS[arguments[0]]
    return not only or list(arguments[1:2]) == [only]


def main() -> int:
    """Run one command of `kuukausi`; exit code 2 for one that belongs to the embedded stack."""
    if not may_run(sys.argv[1:]):
        known = ", ".join(f"{name} {only}".strip() for name, only in sorted(COMMANDS.items()))
        print(f"usage: docker compose run --rm office COMMAND ...\nHere work: {known}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as state:
        os.environ.update({"XDG_STATE_HOME": state, "KUUKAUSI_NAME": "main"})
        with stack_of_containers(Layout.of("main")):
            cli.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
