"""Services, broker and database die at random moments under real requests: nothing is lost and nothing happens twice.

The size comes from the environment: KUUKAUSI_FAULT_FORMS, KUUKAUSI_FAULT_KILLS, KUUKAUSI_FAULT_SEED. With CI set, or by
`make faults`, it is the full one: 25 kills over 4,000 events.
"""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Coroutine
from datetime import UTC, datetime

import pytest
from tests.faults.judge import Judge, Verdict, waiting
from tests.faults.persons import Asker, Crowd
from tests.faults.reaper import KAFKA, POSTGRES, Reaper, count_events, make_plan
from tests.faults.replay import lag, rewind, snapshot
from tests.faults.town import SERVICES, Town, a_town, customers, until

pytestmark = pytest.mark.connected

EVENTS_OF_A_FORM = 14
_LOOK_SECONDS = 0.3
IS_FULL = bool(os.environ.get("CI"))
FORMS = int(os.environ.get("KUUKAUSI_FAULT_FORMS") or (290 if IS_FULL else 30))
KILLS = int(os.environ.get("KUUKAUSI_FAULT_KILLS") or (25 if IS_FULL else 5))
DEADLINE_SECONDS = int(os.environ.get("KUUKAUSI_FAULT_SECONDS") or (900 if IS_FULL else 240))
QUICK = {
    "NOTIFIER_SEND_TIMEOUT_SECONDS": "8",
    "NOTIFIER_LEASE_SECONDS": "10",  # a letter whose sender was killed is repeated so much later
    "NOTIFIER_POLL_SECONDS": "1",
}


def _seed() -> int:
    return int(os.environ.get("KUUKAUSI_FAULT_SEED") or random.SystemRandom().randrange(1_000_000))


def test_nothing_is_lost_or_done_twice_though_everything_dies(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seed, people = _seed(), customers(FORMS)
    _say(capsys, f"{FORMS} forms, {KILLS} kills, KUUKAUSI_FAULT_SEED={seed}")
    with a_town(monkeypatch, people, service_settings=QUICK) as town:
        plan = make_plan(seed, events=FORMS * EVENTS_OF_A_FORM, kills=KILLS, servers=(KAFKA, POSTGRES))
        reaper, crowd = Reaper(town, plan), Crowd(town, [Asker.of(row) for row in people])
        began = time.monotonic()
        asyncio.run(_in_time(town, reaper, _live_through(town, reaper, crowd)))
        verdict = asyncio.run(Judge(town).judge(crowd.askers))
        _say(capsys, _summary(verdict, reaper, crowd, time.monotonic() - began))
        _must_be_clean(verdict)
        assert sum(reaper.counts[service] for service in SERVICES) == KILLS
        assert reaper.counts[KAFKA] == reaper.counts[POSTGRES] == 1
        assert verdict.events >= FORMS * EVENTS_OF_A_FORM
        rewound = _replay_changes_nothing(town, reaper, crowd, capsys)
        asyncio.run(_the_judge_sees(rewound, crowd))


async def _live_through(town: Town, reaper: Reaper, crowd: Crowd) -> None:
    """Persons write while processes die; return once all is quiet and every mail was read."""
    async with asyncio.TaskGroup() as group:
        group.create_task(reaper.run())
        forms = group.create_task(crowd.send_forms())
        group.create_task(crowd.prove_addresses())
        await forms
    await until(lambda: _is_quiet(town), _LOOK_SECONDS)
    await crowd.read_mail()


async def _is_quiet(town: Town) -> bool:
    return await count_events(town) > 0 and not await waiting(town)


async def _in_time(town: Town, reaper: Reaper, work: Coroutine[None, None, None]) -> None:
    """Tell what was still under way when the deadline passed."""
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            await work
    except TimeoutError:
        parts = {part: town.pid_of(part) for part in (*SERVICES, KAFKA, POSTGRES)}
        left = reaper.plan[len(reaper.done) :]
        pytest.fail(f"not quiet in {DEADLINE_SECONDS} s: {await waiting(town)}; faults left {left}; {parts}")


def _replay_changes_nothing(town: Town, reaper: Reaper, crowd: Crowd, capsys: pytest.CaptureFixture[str]) -> Town:
    """All topics from the start, then all outboxes once more: no row changes, and no mail goes out."""
    before = asyncio.run(snapshot(town))
    rewound = rewind(town)
    asyncio.run(_in_time(rewound, reaper, _until_caught_up(rewound)))
    assert asyncio.run(snapshot(rewound)) == before
    _republish(rewound)
    asyncio.run(_in_time(rewound, reaper, _until_caught_up(rewound)))
    assert asyncio.run(snapshot(rewound)) == before
    again = Crowd(rewound, [Asker(asker.name, asker.email) for asker in crowd.askers])
    asyncio.run(again.read_mail())
    mails = sum(len(asker.mails) for asker in again.askers)  # the mail server forgot the earlier ones when it restarted
    assert mails == 0
    _say(capsys, "replayed from the start and republished: no new effect, no mail")
    return rewound


async def _the_judge_sees(town: Town, crowd: Crowd) -> None:
    """A judge who finds nothing must be able to: forget one event, repeat one effect, and send one mail twice."""
    async with town.database("notifier") as connection:
        await connection.execute("delete from inbox where event_id = (select event_id from letters limit 1)")
    async with town.database("fulfilment") as connection:
        await connection.execute(
            """
            insert into evidence
            select controller_id, case_id, position + 1000, occurred_at, kind, facts, previous_mark, mark, signature
            from evidence where kind = 'letter_accepted' limit 1
            """
        )
    crowd.askers[0].letters.append(crowd.askers[0].letters[0])
    verdict = await Judge(town).judge(crowd.askers)
    assert [entry.split(":")[0] for entry in verdict.lost] == ["inbox of notifier"]
    assert len(verdict.duplicated) == 1 + 1 or verdict.marked_unknown, verdict.duplicated


async def _until_caught_up(town: Town) -> None:
    await until(lambda: _is_caught_up(town), _LOOK_SECONDS)


async def _is_caught_up(town: Town) -> bool:
    return await lag(town) == 0 and not await waiting(town)


def _republish(town: Town) -> None:
    since = datetime(2020, 1, 1, tzinfo=UTC).isoformat()
    command = [sys.executable, "-m", "kuukausi", "republish", "--since", since, "--name", town.layout.name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _summary(verdict: Verdict, reaper: Reaper, crowd: Crowd, seconds: float) -> str:
    faults = ", ".join(f"{part} {count}" for part, count in sorted(reaper.counts.items()))
    return (
        f"{verdict.events} events and {verdict.letters} letters in {seconds:.0f} s; died: {faults}; "
        f"{len(verdict.lost)} lost, {len(verdict.duplicated)} duplicated, "
        f"{len(verdict.marked_unknown)} marked unknown; {crowd.tries} pages asked for by {len(crowd.askers)} persons"
    )


def _must_be_clean(verdict: Verdict) -> None:
    assert not verdict.lost, verdict.lost[:20]
    assert not verdict.duplicated, verdict.duplicated[:20]


def _say(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        print(f"\n  {text}", flush=True)
