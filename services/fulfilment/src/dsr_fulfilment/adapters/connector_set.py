"""The connectors of every controller, opened when they are first needed."""

from dsr_fulfilment.adapters.connectors.registry import Connectors, SecretSource, open_connectors
from dsr_fulfilment.adapters.registers import Registers
from dsr_fulfilment.ports import Connector, HumanConnector


class ConnectorSet:
    """Gives the connectors of a controller; a missing secret raises `ConnectionRefused` for that controller alone."""

    def __init__(self, registers: Registers, secrets: SecretSource) -> None:
        self._registers = registers
        self._secrets = secrets
        self._opened: dict[str, Connectors] = {}

    def _of(self, controller_id: str) -> Connectors:
        if controller_id not in self._opened:
            self._opened[controller_id] = open_connectors(self._registers.get(controller_id), self._secrets)
        return self._opened[controller_id]

    def automatic(self, controller_id: str) -> tuple[Connector, ...]:
        """Systems that answer by themselves."""
        return tuple(self._of(controller_id).automatic.values())

    def human(self, controller_id: str) -> tuple[HumanConnector, ...]:
        """Systems that a person has to search."""
        return tuple(self._of(controller_id).human.values())

    async def close(self) -> None:
        for connectors in self._opened.values():
            await connectors.close()
