"""Serving an application on a real port inside the test run's own loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from dsr_shared.testing import wait_until


@asynccontextmanager
async def served(app: Any, port: int) -> AsyncIterator[str]:
    """Give the address of the application while it is served."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    try:
        await wait_until(lambda: server.started or task.done(), 20, "a served application")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task
