"""One process, several parts: they start together, and when one ends unasked all end, with one clear line."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, TypeAlias

import uvicorn

_log = logging.getLogger(__name__)

Part: TypeAlias = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set; returning earlier, or raising, ends the process."""


class PartEndedError(Exception):
    """A part ended though nobody asked it to."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(f"{part} ended: {reason}")
        self.part = part
        self.reason = reason


class PortInUseError(Exception):
    """Something else listens where a part is to listen."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port} is in use; end the program that listens there, or choose another port")
        self.host = host
        self.port = port


async def run_service(parts: Mapping[str, Part], *, grace_seconds: float = 20.0) -> int:
    """Run all parts until SIGTERM or SIGINT; returns the exit code. A part's death ends the others in order."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    ended: list[PartEndedError] = []
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_run_part(name, part, stop, ended), name=name) for name, part in parts.items()]
            group.create_task(_end_late(stop, tasks, grace_seconds), name="grace")
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
    for error in ended:
        sys.stderr.write(f"{error}\n")
    return 1 if ended else 0


async def _run_part(name: str, part: Part, stop: asyncio.Event, ended: list[PartEndedError]) -> None:
    try:
        await part(stop)
    except Exception as error:  # noqa: BLE001 - the edge of every part: whatever it raises ends the process in order
        _log.critical("A part of the service failed.", exc_info=error, extra={"part": name})
        ended.append(PartEndedError(name, _words(error)))
    else:
        if not stop.is_set():
            ended.append(PartEndedError(name, "it returned though nobody asked it to"))
    stop.set()


async def _end_late(stop: asyncio.Event, tasks: list[asyncio.Task[None]], grace_seconds: float) -> None:
    await stop.wait()
    _, late = await asyncio.wait(tasks, timeout=grace_seconds)
    for task in late:
        _log.warning("A part did not end in time and is cut off.", extra={"part": task.get_name()})
        task.cancel()


def _words(error: Exception) -> str:
    """Our own errors say what, where and what next; of others only the class, for their text may name persons."""
    is_ours = type(error).__module__.split(".")[0].startswith(("dsr_", "kuukausi"))
    return str(error) if is_ours else type(error).__name__


class _Server(uvicorn.Server):
    """Leaves signals to the supervisor."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve_app(app: Any, *, host: str, port: int, backlog: int = 2048) -> Part:
    """A part that serves an ASGI application until it is stopped. Host and port are tried when it starts."""

    async def serve(stop: asyncio.Event) -> None:
        listener = listen_on(host, port)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=False,
            timeout_graceful_shutdown=5,
            backlog=backlog,
        )
        server = _Server(config)
        stopper = asyncio.create_task(_stop_server(stop, server))
        try:
            await server.serve(sockets=[listener])
        finally:
            stopper.cancel()
            listener.close()

    return serve


async def _stop_server(stop: asyncio.Event, server: uvicorn.Server) -> None:
    await stop.wait()
    server.should_exit = True


def listen_on(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortInUseError(host, port) from error
    return listener
