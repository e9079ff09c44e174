"""A part's death ends the process in order, with one clear line; health says what is missing."""

import asyncio
import os
import signal
import socket

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter

from dsr_shared.backoff import backoff_seconds
from dsr_shared.health import find_missing, health_app
from dsr_shared.supervise import PortInUseError, listen_on, run_service, serve_app


async def until_stopped(stop: asyncio.Event) -> None:
    await stop.wait()


async def test_a_signal_ends_all_parts_in_order() -> None:
    ended = list[str]()

    async def worker(stop: asyncio.Event) -> None:
        asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGTERM)
        await stop.wait()
        ended.append("worker")

    assert await run_service({"worker": worker, "other": until_stopped}) == 0
    assert ended == ["worker"]


async def test_a_part_that_fails_ends_the_others_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    async def breaks(_: asyncio.Event) -> None:
        raise ValueError("Maija Meikäläinen")

    assert await run_service({"relay": breaks, "other": until_stopped}) == 1
    assert capsys.readouterr().err == "relay ended: ValueError\n"


async def test_a_part_that_returns_unasked_ends_the_process(capsys: pytest.CaptureFixture[str]) -> None:
    async def returns(_: asyncio.Event) -> None:
        return

    assert await run_service({"consumer": returns, "other": until_stopped}) == 1
    assert "consumer ended: it returned though nobody asked it to" in capsys.readouterr().err


async def test_a_part_that_does_not_end_is_cut_off() -> None:
    async def lingers(_: asyncio.Event) -> None:
        await asyncio.Event().wait()

    async def breaks(_: asyncio.Event) -> None:
        raise ValueError

    assert await run_service({"lingers": lingers, "breaks": breaks}, grace_seconds=0.05) == 1


async def test_a_port_in_use_is_named_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUseError):
            listen_on("127.0.0.1", port)
        assert await run_service({"web": serve_app(None, host="127.0.0.1", port=port)}) == 1
    assert f"web ended: 127.0.0.1:{port} is in use" in capsys.readouterr().err


async def test_an_application_is_served_until_it_is_stopped() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    stop = asyncio.Event()
    app = health_app({}, CollectorRegistry())
    serving = asyncio.create_task(serve_app(app, host="127.0.0.1", port=port)(stop))
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=5)) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/healthz")
    assert answer.json() == {"status": "alive"}
    stop.set()
    async with asyncio.timeout(5):
        await serving


async def test_readiness_says_what_is_missing() -> None:
    async def good() -> str | None:
        return None

    async def bad() -> str | None:
        return "PostgreSQL does not answer"

    registry = CollectorRegistry()
    Counter("kept_promises", "Promises", registry=registry).inc()
    transport = httpx.ASGITransport(health_app({"bus": good, "database": bad}, registry))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["missing"] == {"database": "PostgreSQL does not answer"}
        assert "kept_promises_total 1.0" in (await client.get("/metrics")).text
    assert await find_missing({"bus": good}) == {}


def test_waits_grow_to_their_limit_and_are_never_in_step() -> None:
    waits = [backoff_seconds(attempt, first=1, longest=8) for attempt in (1, 2, 3, 4, 99)]
    assert all(
        low <= wait <= high for wait, (low, high) in zip(waits, [(0.5, 1), (1, 2), (2, 4), (4, 8), (4, 8)], strict=True)
    )
    assert len({backoff_seconds(5, first=1, longest=99) for _ in range(50)}) > 1
