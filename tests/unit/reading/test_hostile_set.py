"""The whole set of hostile mails through the limited children: each is read or handed over, within what is allowed."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import psutil
import pytest
from tests.corpus.hostile import HostileMail, hostile_mails

from dsr_intake.adapters.reading_child import CPU_SECONDS, MEMORY_BYTES
from dsr_intake.adapters.reading_pool import ReadingPool
from dsr_intake.domain.mail import MAX_TEXT_BYTES, MailFile, MailReading, Unreadable

PLAIN = b"From: Kai Kuu <kai@person.example>\r\nSubject: x\r\n\r\nPoistakaa kaikki tietoni.\r\n"
OWN = (("privacy@company.example",), ("mx.company.example",))
MAY_BE_SEEN = {
    "by a style sheet",  # rules are not applied: such a mail is read as if all of it were seen
    "color:#fff;background:#fff",
    "in a comment that ends early",  # browsers show these three
    "in xmp",
    "in option",
}
LANES = 2
WALL_SECONDS = 60.0
"""Longer than in use, so that processor time decides and not what else the machine does."""


@dataclass
class Results:
    """What became of each mail, and what the children used at most."""

    readings: dict[str, MailReading | Unreadable] = field(default_factory=dict)
    files: dict[str, tuple[MailFile, ...] | Unreadable] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    grown_bytes: dict[str, int] = field(default_factory=dict)
    wrong_after: list[str] = field(default_factory=list)
    children: set[int] = field(default_factory=set)


async def _read_all(mails: Iterator[HostileMail], results: Results) -> None:
    """One child at a time reads mail after mail; behind each hostile one comes a mail like any other."""
    async with ReadingPool(1, wall_seconds=WALL_SECONDS) as pool:
        for mail in mails:
            before = _used(pool)
            results.readings[mail.name] = await pool(mail.raw, *OWN)
            _note_use(results, mail.name, before, _used(pool))
            results.files[mail.name] = await pool.files(mail.raw)
            after = await pool(PLAIN, *OWN)
            if not isinstance(after, MailReading) or after.rights != ("erasure",):
                results.wrong_after.append(mail.name)


def _used(pool: ReadingPool) -> tuple[int, float, int]:
    """Process, processor seconds and most memory of the living child; zeros where there is none."""
    for child in pool._living:
        process = psutil.Process(child._process.pid)
        times = process.cpu_times()
        return process.pid, times.user + times.system, _peak(process.pid)
    return 0, 0.0, 0


def _peak(pid: int) -> int:
    with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123 - not a file of ours
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def _note_use(results: Results, name: str, before: tuple[int, float, int], after: tuple[int, float, int]) -> None:
    results.children.add(after[0])
    if before[0] and before[0] == after[0]:
        results.seconds[name] = after[1] - before[1]
        results.grown_bytes[name] = after[2] - before[2]


@pytest.fixture(scope="module")
def results() -> Results:
    """The set is read once, by two children beside each other, and every test looks at what came of it."""
    found, mails = Results(), hostile_mails()

    async def read() -> None:
        await asyncio.gather(*(_read_all(mails, found) for _ in range(LANES)))

    asyncio.run(read())
    return found


def test_each_becomes_a_reading_or_goes_to_a_person_with_a_problem(results: Results) -> None:
    assert len(results.readings) >= 300
    for name, reading in results.readings.items():
        if isinstance(reading, Unreadable):
            assert reading.problem in {"malformed", "timeout", "memory", "oversize"}, name
        else:
            assert len(reading.text.encode()) <= MAX_TEXT_BYTES, name


def test_each_stays_within_the_processor_time_and_the_memory(results: Results) -> None:
    slow = {name: seconds for name, seconds in results.seconds.items() if seconds > CPU_SECONDS}
    large = {name: grown for name, grown in results.grown_bytes.items() if grown > MEMORY_BYTES}
    assert (slow, large) == ({}, {})


def test_behind_each_of_them_the_next_mail_is_read_right(results: Results) -> None:
    assert results.wrong_after == []


def test_hardly_any_is_too_much_for_the_reader(results: Results) -> None:
    """A person can look at a few; a mail that is merely odd is read by the machine."""
    problems = {name: reading.problem for name, reading in results.readings.items() if isinstance(reading, Unreadable)}
    assert len(problems) <= 5, problems


def test_nothing_that_is_one_line_holds_a_line_break_and_no_file_name_a_path(results: Results) -> None:
    for name, reading in results.readings.items():
        if isinstance(reading, MailReading):
            ones = (
                reading.subject_line,
                reading.sender_name or "",
                reading.subject_name or "",
                *reading.attachment_names,
            )
            assert all(len(line.splitlines()) <= 1 for line in ones), name
            assert not any(sign in file for file in reading.attachment_names for sign in "/\\"), name
    for name, files in results.files.items():
        if not isinstance(files, Unreadable):
            assert not any(sign in file.name for file in files for sign in "/\\\r\n\0"), name


def test_no_address_is_taken_that_is_none(results: Results) -> None:
    told = {
        name: reading.sender_email
        for name, reading in results.readings.items()
        if isinstance(reading, MailReading) and reading.sender_email and "bad.example" in reading.sender_email
    }
    assert set(told) <= {
        "names of senders: our own address as the name",
        "names of senders: two addresses",
        "names of senders: an address in a comment",
        "names of senders: turned around",
    }


def test_words_that_a_person_does_not_see_are_not_taken_for_a_wish(results: Results) -> None:
    seen = Counter(
        name.partition(": ")[2]
        for name, reading in results.readings.items()
        if name.startswith("hidden words: ") and isinstance(reading, MailReading) and reading.rights
    )
    assert seen.keys() <= MAY_BE_SEEN, json.dumps(sorted(seen))
