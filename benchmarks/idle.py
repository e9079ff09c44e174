"""Each service alone: how soon it is ready when its parts are there, and what memory it needs while nothing happens."""

import asyncio
import os
import signal
import time

import psutil

from benchmarks.installation import Installation
from benchmarks.measure import Measure
from benchmarks.waiting import until
from dsr_shared.contracts.words import SERVICES
from kuukausi.stack.services import health_port_name, is_ready

REST_SECONDS = 10


async def measure_idle(installed: Installation) -> list[Measure]:
    """End each service; its supervisor starts it anew, and its parts (PostgreSQL, Kafka, mail server) are there."""
    ready = [await _restart(installed, service) for service in SERVICES]
    await asyncio.sleep(REST_SECONDS)
    return [*ready, *(_memory(installed, service) for service in SERVICES)]


async def _restart(installed: Installation, service: str) -> Measure:
    old, port = installed.process_ids()[service], installed.plan.ports[health_port_name(service)]
    os.kill(old, signal.SIGTERM)
    pid = await until(lambda: _successor(installed, service, old))
    began = psutil.Process(pid).create_time()
    await until(lambda: asyncio.to_thread(is_ready, port))
    return Measure(f"{service} alone, ready after", time.time() - began, "s", 5, "at most")


async def _successor(installed: Installation, service: str, old: int) -> int | None:
    pid = installed.process_ids()[service]
    return pid if pid != old else None


def _memory(installed: Installation, service: str) -> Measure:
    """Resident memory of the process and of its children, shared pages counted as if they were its own."""
    process = psutil.Process(installed.process_ids()[service])
    family = [process, *process.children(recursive=True)]
    megabytes = sum(one.memory_info().rss for one in family) / 1e6
    return Measure(f"{service} alone and idle, memory", megabytes, "MB", 120, "at most")
