"""The registers of all controllers of this installation, read once at start."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from dsr_fulfilment.register.loader import load_register
from dsr_fulfilment.register.model import Register


class UnknownController(LookupError):
    """No register names this controller."""

    def __init__(self, controller_id: str) -> None:
        super().__init__(f"no register for controller {controller_id!r}; add {controller_id}.yaml to the registers")


class Registers:
    """Registers by controller id; `sha256` of a file tells whether it changed since it was last published."""

    def __init__(self, registers: Mapping[str, Register], hashes: Mapping[str, str]) -> None:
        self._registers = dict(registers)
        self._hashes = dict(hashes)

    @classmethod
    def read(cls, directory: Path) -> "Registers":
        """Read every `<controller>.yaml`; raises `RegisterError` with every problem of the first bad file."""
        registers, hashes = {}, {}
        for path in sorted(directory.glob("*.yaml")):
            register = load_register(path)
            registers[register.id] = register
            hashes[register.id] = sha256(path.read_bytes()).hexdigest()
        return cls(registers, hashes)

    def __iter__(self) -> Iterator[Register]:
        return iter(self._registers.values())

    def get(self, controller_id: str) -> Register:
        """The register of a controller; raises `UnknownController`."""
        try:
            return self._registers[controller_id]
        except KeyError:
            raise UnknownController(controller_id) from None

    def system_ids(self, controller_id: str) -> frozenset[str]:
        """Every mapped system; a case closes only when each has an outcome."""
        return frozenset(system.id for system in self.get(controller_id).systems)

    def hash_of(self, controller_id: str) -> str:
        return self._hashes[controller_id]
