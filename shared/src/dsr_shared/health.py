"""What the outside may ask a service: does it live, is it ready, what does it count."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dsr_shared.postgres import Database

Check: TypeAlias = Callable[[], Awaitable[str | None]]
"""None where all is well; else what is missing and what to do, without personal data."""

_CHECK_SECONDS = 3.0


def health_app(checks: Mapping[str, Check], registry: CollectorRegistry) -> Starlette:
    """`/healthz`: the process lives. `/readyz`: 503 with what is missing. `/metrics`: Prometheus text."""
    is_missing = Gauge(
        "dsr_part_missing", "1 where the service is not ready for want of this", ["part"], registry=registry
    )

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_: Request) -> Response:
        missing = await find_missing(checks)
        status = "waiting" if missing else "ready"
        return JSONResponse({"status": status, "missing": missing}, status_code=503 if missing else 200)

    async def metrics(_: Request) -> Response:
        missing = await find_missing(checks)
        for part in checks:
            is_missing.labels(part).set(part in missing)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", live), Route("/readyz", ready), Route("/metrics", metrics)])


async def find_missing(checks: Mapping[str, Check]) -> dict[str, str]:
    """Ask every check at once; one that does not answer in time is missing too."""
    answers = await asyncio.gather(*(_ask(check) for check in checks.values()))
    return {name: answer for name, answer in zip(checks, answers, strict=True) if answer is not None}


async def _ask(check: Check) -> str | None:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer within {_CHECK_SECONDS:g} s"


def database_check(db: Database) -> Check:
    async def check() -> str | None:
        return None if await db.is_up() else "PostgreSQL does not answer; start it, or correct DATABASE_URL"

    return check
