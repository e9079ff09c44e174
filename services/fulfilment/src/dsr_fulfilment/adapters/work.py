"""Jobs of the machine, tasks of people, and letters asked of the notifier, in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from uuid6 import uuid7

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import Case, Subject, sealed
from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.words import Language, LetterKind
from dsr_shared.postgres import Connection, hint_after_commit
from dsr_shared.telemetry import current_traceparent

JOBS_CHANNEL: Final = "jobs"

JobKind = Literal[
    "match", "match_sign_in", "opt_out", "gather", "plan", "execute", "conclude", "find_concerned", "delete_blobs"
]  # fmt: skip
TaskKind = Literal[
    "confirm_rights",
    "identify",
    "search_paper",
    "approve_plan",
    "destroy_paper",
    "decide",
    "letter_failed",
    "post_letter",
    "unreadable",
    "needs_person",
]


@dataclass(frozen=True)
class Job:
    """One thing that the machine does next for a case, held by a lease."""

    job_id: UUID
    controller_id: str
    case_id: UUID
    kind: JobKind
    attempts: int
    traceparent: str | None
    lease_token: UUID


@dataclass(frozen=True)
class Task:
    """One thing that a person does for a case."""

    task_id: UUID
    controller_id: str
    case_id: UUID
    kind: TaskKind
    system: str | None
    created_at: datetime
    due_on: date
    done_at: datetime | None
    done_by: str | None
    outcome: str | None
    proof_sealed: SealedV1 | None = field(repr=False)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.done_at is None


@dataclass(frozen=True)
class Letter:
    """A letter of a case and what became of it."""

    letter_id: UUID
    kind: LetterKind
    state: Literal["requested", "accepted", "failed", "told_otherwise", "resent"]
    requested_at: datetime
    accepted_at: datetime | None
    failure: str | None
    way: Literal["mail", "post"]
    content_sealed: SealedV1 | None = field(repr=False)


async def add_job(conn: Connection, case: Subject, kind: JobKind, not_before: datetime | None = None) -> None:
    """Ask for a job; the worker is told as soon as the transaction commits."""
    await conn.execute(
        statements("work")["add_job"],
        uuid7(),
        case.controller_id,
        case.case_id,
        kind,
        not_before,
        current_traceparent(),
    )
    await hint_after_commit(conn, JOBS_CHANNEL)


async def claim_job(conn: Connection, lease_token: UUID, lease: timedelta) -> Job | None:
    row = await conn.fetchrow(statements("work")["claim_job"], lease_token, lease)
    return None if row is None else Job(**dict(row), lease_token=lease_token)


async def renew_job(conn: Connection, job: Job, lease: timedelta) -> None:
    await conn.execute(statements("work")["renew_job"], job.job_id, job.lease_token, lease)


async def finish_job(conn: Connection, job: Job) -> None:
    await conn.execute(statements("work")["finish_job"], job.job_id, job.lease_token)


async def postpone_job(conn: Connection, job: Job, pause: timedelta, error: str) -> None:
    """Try again after `pause`; `error` is a code or a type's name, never a text that could name a person."""
    await conn.execute(statements("work")["postpone_job"], job.job_id, job.lease_token, pause, error)


async def cancel_jobs(conn: Connection, case: Case, kind: JobKind) -> None:
    await conn.execute(statements("work")["cancel_jobs"], case.case_id, kind)


async def add_task(conn: Connection, case: Case, kind: TaskKind, system: str = "", purpose: str = "") -> None:
    """Ask a person for something; asking twice for the same is asking once."""
    await conn.execute(
        statements("work")["add_task"],
        uuid7(),
        case.controller_id,
        case.case_id,
        kind,
        system,
        purpose,
        case.due_on,
    )


def _task(row: dict[str, object]) -> Task:
    values: dict[str, Any] = {name: row[name] for name in Task.__dataclass_fields__}
    return Task(**{**values, "proof_sealed": sealed(values["proof_sealed"])})


async def load_task(conn: Connection, task_id: UUID) -> Task | None:
    row = await conn.fetchrow(statements("work")["load_task"], task_id)
    return None if row is None else _task(dict(row))


async def finish_task(
    conn: Connection, task_id: UUID, done_by: str, outcome: str, proof: SealedV1 | None
) -> Task | None:
    """Record who did it; None where it was done already."""
    row = await conn.fetchrow(
        statements("work")["finish_task"], task_id, done_by, outcome, proof and proof.model_dump_json()
    )
    return None if row is None else _task(dict(row))


async def finish_tasks_of_kind(conn: Connection, case: Case, kind: TaskKind, done_by: str, outcome: str) -> None:
    await conn.execute(statements("work")["finish_tasks_of_kind"], case.case_id, kind, done_by, outcome)


async def tasks(conn: Connection, case_id: UUID) -> tuple[Task, ...]:
    rows = await conn.fetch(statements("work")["tasks_of_case"], case_id)
    return tuple(_task(dict(row)) for row in rows)


async def add_letter(conn: Connection, case: Subject, letter_id: UUID, kind: LetterKind, language: Language) -> None:
    await conn.execute(statements("work")["add_letter"], letter_id, case.controller_id, case.case_id, kind, language)


async def letters(conn: Connection, case_id: UUID) -> tuple[Letter, ...]:
    return tuple(_letter(row) for row in await conn.fetch(statements("work")["letters_of_case"], case_id))


def _letter(row: Mapping[str, Any]) -> Letter:
    values = {name: row[name] for name in Letter.__dataclass_fields__}
    return Letter(**{**values, "content_sealed": sealed(values["content_sealed"])})


async def keep_letter(conn: Connection, letter_id: UUID, content: SealedV1, way: Literal["mail", "post"]) -> None:
    """Keep what a letter says, to be posted or sent once more."""
    await conn.execute(statements("work")["keep_letter"], letter_id, content.model_dump_json(), way)


async def load_letter(conn: Connection, case_id: UUID, letter_id: UUID) -> Letter | None:
    """One letter of a case; its row is held until the transaction ends."""
    row = await conn.fetchrow(statements("work")["kept_letter"], case_id, letter_id)
    return None if row is None else _letter(row)


async def letter_resent(conn: Connection, letter_id: UUID) -> bool:
    """False where it arrived, or went out once more already."""
    return await conn.fetchval(statements("work")["letter_resent"], letter_id) is not None


async def letter_posted(conn: Connection, letter_id: UUID, posted_at: datetime) -> bool:
    """False where it was posted already."""
    return await conn.fetchval(statements("work")["letter_posted"], letter_id, posted_at) is not None


async def letter_accepted(
    conn: Connection, letter_id: UUID, accepted_at: datetime, message_id: str, *, is_repeat: bool
) -> LetterKind | None:
    """Note that the mail server took the letter; None where that was known, or the letter is not ours."""
    statement = statements("work")["letter_accepted"]
    row = await conn.fetchrow(statement, letter_id, accepted_at, message_id, is_repeat)
    return None if row is None else row["kind"]


async def letter_told_otherwise(conn: Connection, task_id: UUID) -> LetterKind | None:
    """Note that what the failed letter of a task was to say was told in another way."""
    kind: LetterKind | None = await conn.fetchval(statements("work")["letter_told_otherwise"], task_id)
    return kind


async def letter_failed(conn: Connection, letter_id: UUID, failed_at: datetime, reason: str) -> LetterKind | None:
    row = await conn.fetchrow(statements("work")["letter_failed"], letter_id, failed_at, reason)
    return None if row is None else row["kind"]
