"""How a service's process starts: settings, telemetry, then `migrate` or the service itself; errors in one line."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import asyncpg
import uvloop
from pydantic_settings import SettingsConfigDict

from dsr_shared.contracts.words import Service
from dsr_shared.postgres import MigrationError, migrate
from dsr_shared.sealing import SealingError
from dsr_shared.settings import MigrationSettings, ServiceSettings, SettingsError
from dsr_shared.telemetry import configure

Settings = TypeVar("Settings", bound=ServiceSettings)
Serve = Callable[[Settings], Awaitable[int]]


def run_main(service: Service, settings_class: type[Settings], serve: Serve[Settings], arguments: Sequence[str]) -> int:
    """Serve, or with the argument `migrate` bring the database up to date; returns the exit code."""
    if list(arguments) not in ([], ["migrate"]):
        return _complain(service, f"usage: python -m dsr_{service} [migrate]")
    try:
        if arguments:
            return asyncio.run(_migrate(service))
        settings = settings_class.load()
        configure(service, settings.otlp_endpoint, log_level=settings.log_level)
        return uvloop.run(_run(serve, settings))
    except (SettingsError, SealingError, MigrationError) as error:
        return _complain(service, str(error))


async def _run(serve: Serve[Settings], settings: Settings) -> int:
    return await serve(settings)


async def _migrate(service: Service) -> int:
    class OwnerSettings(MigrationSettings):
        """The owner's settings of this service."""

        model_config = SettingsConfigDict(env_prefix=f"{service.upper()}_")

    configure(service)
    settings = OwnerSettings.load()
    try:
        applied = await migrate(
            settings.owner_database_url.get_secret_value(), f"{service}_app", ("dsr_shared", f"dsr_{service}")
        )
    except (OSError, asyncpg.PostgresError) as error:
        return _complain(service, f"PostgreSQL did not let us migrate ({type(error).__name__}); see OWNER_DATABASE_URL")
    for name in applied:
        sys.stdout.write(f"applied {name}\n")
    return 0


def _complain(service: Service, message: str) -> int:
    """Our own errors name what is wrong, where, and what to do; a setting's value is never repeated."""
    sys.stderr.write(f"{service}: {message}\n")
    return 2
