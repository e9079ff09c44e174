"""A small server of a test's own, in a thread beside it: what it answers, the test decides."""

import asyncio
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route


@contextmanager
def serving_in_a_thread(routes: Sequence[Route], *, port: int = 0, sock: socket.socket | None = None) -> Iterator[None]:
    """Serve on the loopback port, or on a socket that is bound already, until the end of the block."""
    config = uvicorn.Config(Starlette(routes=list(routes)), port=port, log_config=None, lifespan="off")
    server = _Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[sock] if sock else None)))
    thread.start()
    assert server.is_up.wait(10)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()
