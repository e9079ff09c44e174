"""How a service's process starts: settings, telemetry, then `migrate` or the service itself; errors in one line."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import asyncpg
from pydantic import ValidationError

from dsr_shared.contracts.words import Service
from dsr_shared.keyring import KeyRingError
from dsr_shared.postgres import MigrationError, migrate
from dsr_shared.settings import ServiceSettings
from dsr_shared.telemetry import configure

Settings = TypeVar("Settings", bound=ServiceSettings)
Serve = Callable[[Settings], Awaitable[int]]


def run_main(service: Service, settings_class: type[Settings], serve: Serve[Settings], arguments: Sequence[str]) -> int:
    """Serve, or with the argument `migrate` bring the database up to date; returns the exit code."""
    if list(arguments) not in ([], ["migrate"]):
        return _complain(f"usage: python -m dsr_{service} [migrate]")
    try:
        settings = settings_class.load()
    except ValidationError as error:
        return _complain(_missing(settings_class, error))
    configure(service, settings.otlp_endpoint, log_level=settings.log_level)
    try:
        return asyncio.run(_migrate(service, settings) if arguments else _run(serve, settings))
    except (KeyRingError, MigrationError) as error:
        return _complain(str(error))


async def _run(serve: Serve[Settings], settings: Settings) -> int:
    return await serve(settings)


async def _migrate(service: Service, settings: ServiceSettings) -> int:
    if settings.owner_database_url is None:
        return _complain("migrate needs OWNER_DATABASE_URL: the address of the role that owns the database")
    try:
        owner_url = settings.owner_database_url.get_secret_value()
        await migrate(owner_url, f"{service}_app", ("dsr_shared", f"dsr_{service}"))
    except (OSError, asyncpg.PostgresError) as error:
        return _complain(f"migrate: PostgreSQL did not let us ({type(error).__name__}); see OWNER_DATABASE_URL")
    return 0


def _missing(settings_class: type[ServiceSettings], error: ValidationError) -> str:
    """Name each setting that is missing or wrong, never its value."""
    prefix = str(settings_class.model_config.get("env_prefix", ""))
    lines = [f"  {prefix}{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors()]
    hint = f"set them in the environment or as files in {prefix}SECRETS_DIRECTORY"
    return "\n".join(["settings are missing or wrong:", *lines, hint])


def _complain(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return 2
