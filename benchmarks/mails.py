"""Mails read per second through the pool of limited, recycled children, beside the bare standard-library parse."""

import asyncio
import email
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.corpus.build import given, own

from benchmarks.measure import Measure
from dsr_intake.adapters.reading_pool import ReadingPool
from dsr_intake.domain.mail import MailReading

SETS = ("first.yaml", "second.yaml", "third.yaml", "development.yaml")
OWN = (("privacy@company.example",), ("mx.company.example",))
FILES = 120


def some_mails() -> list[bytes]:
    """Requests, answers, newsletters, bounces and breaches in three languages, some with HTML, PDF or mails inside."""
    return [raw for _, raw, _ in (*given(), *(sample for name in SETS for sample in own(name)))]


async def measure_mails(*, rounds: int, mails: int) -> list[Measure]:
    """Rounds of both take turns, so that a busy moment of the machine falls on both."""
    samples = some_mails()
    work = [samples[number % len(samples)] for number in range(mails)]
    children = os.cpu_count() or 2
    read, bare, began = [], [], _seconds_of_children()
    async with ReadingPool(children) as pool:
        await _read(pool, work[: 20 * children], children)
        for _ in range(rounds):
            bare.append(mails / _parse(work))
            read.append(mails / await _read(pool, work, children))
    used = (_seconds_of_children() - began) / (rounds * mails + 20 * children)
    return [
        Measure("mails read by limited, recycled children", median(read), "/s", 100),
        Measure("bare email.message_from_bytes of the same mails", median(bare), "/s"),
        Measure("processor time of the children for each mail", used * 1000, "ms"),
        Measure(
            f"kuukausi read-mail of {FILES} files", await _seconds_of_read_mail(samples[-FILES:]), "s", 30, "at most"
        ),
    ]


def _seconds_of_children() -> float:
    """Processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _parse(mails: Sequence[bytes]) -> float:
    began = time.perf_counter()
    for raw in mails:
        email.message_from_bytes(raw)
    return time.perf_counter() - began


async def _read(pool: ReadingPool, mails: Sequence[bytes], children: int) -> float:
    """Twice as many mails under way as there are children, so that none waits for us."""
    waiting = list(mails)

    async def read() -> None:
        while waiting:
            if not isinstance(await pool(waiting.pop(), *OWN), MailReading):
                raise TypeError("a mail of the samples was not read")

    began = time.perf_counter()
    await asyncio.gather(*(read() for _ in range(children * 2)))
    return time.perf_counter() - began


async def _seconds_of_read_mail(mails: Sequence[bytes]) -> float:
    """The command as a person runs it, from its start to its end."""
    with tempfile.TemporaryDirectory() as directory:
        files = [Path(directory, f"{number:03}.eml") for number in range(len(mails))]
        for file, raw in zip(files, mails, strict=True):
            file.write_bytes(raw)
        began = time.perf_counter()
        command = (sys.executable, "-m", "kuukausi", "read-mail", "--json", *map(str, files))
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        told, _ = await process.communicate()
        seconds = time.perf_counter() - began
    if any("problem" in json.loads(line) for line in told.splitlines()) or len(told.splitlines()) != len(mails):
        raise RuntimeError("read-mail did not read all files")
    return seconds
