"""Free TCP ports on the loopback address."""

import socket
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Final

LOOPBACK: Final = "127.0.0.1"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Find distinct ports that nobody listens on. Held together while searching, so that none is named twice."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) for _ in range(count)]
        for probe in sockets:
            probe.bind((LOOPBACK, 0))
        return [int(probe.getsockname()[1]) for probe in sockets]


def fill_in(wanted: dict[str, int], names: Iterable[str]) -> dict[str, int]:
    """Keep each remembered port that is still free, and find new ones for the others."""
    names = tuple(names)
    kept = {name: wanted[name] for name in names if name in wanted and is_free(wanted[name])}
    missing = [name for name in names if name not in kept]
    return kept | dict(zip(missing, free_ports(len(missing)), strict=True))
