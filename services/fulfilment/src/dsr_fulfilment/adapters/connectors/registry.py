"""Which kinds of systems there are, and how the connectors of a controller are opened."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, assert_never

from dsr_fulfilment.adapters.connectors.paper import PaperConnector
from dsr_fulfilment.adapters.connectors.postgresql import PostgresqlConnector
from dsr_fulfilment.ports import ConnectionRefused, Connector, HumanConnector
from dsr_fulfilment.register.model import PaperSystem, PostgresqlSystem, Register


class SecretSource(Protocol):
    """Gives the secrets that registers name."""

    def get(self, controller_id: str, name: str) -> str | None:
        """Give one secret; None where there is none."""


class SecretDirectory:
    """Secrets as files: `<directory>/<controller id>/<name>`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def get(self, controller_id: str, name: str) -> str | None:
        try:
            return (self._directory / controller_id / name).read_text(encoding="utf-8").strip() or None
        except OSError:
            return None


@dataclass(frozen=True)
class Connectors:
    """The connectors of one controller, by system."""

    automatic: dict[str, Connector]
    human: dict[str, HumanConnector]

    async def close(self) -> None:
        for connector in self.automatic.values():
            await connector.close()


def open_connectors(register: Register, secrets: SecretSource) -> Connectors:
    """Make a connector for each system; raises ConnectionRefused where a secret is missing or leads elsewhere."""
    automatic: dict[str, Connector] = {}
    human: dict[str, HumanConnector] = {}
    for system in register.systems:
        match system:
            case PostgresqlSystem():
                automatic[system.id] = PostgresqlConnector(system, _secret(register, system, secrets))
            case PaperSystem():
                human[system.id] = PaperConnector(system)
            case _:
                assert_never(system)
    return Connectors(automatic, human)


def _secret(register: Register, system: PostgresqlSystem, secrets: SecretSource) -> str:
    address = secrets.get(register.id, system.secret)
    if address is None:
        raise ConnectionRefused(
            system.id,
            f"the secret {system.secret} is missing; put the database's address into {register.id}/{system.secret}",
        )
    return address
