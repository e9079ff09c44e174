"""Init steps of a start, each of which may be repeated: key rings, databases, migrations, topics."""

import asyncio
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from dsr_shared.keyring import create_key_rings
from dsr_shared.keyring_files import PUBLIC_KEYS_NAME
from kuukausi.errors import DidNotStart
from kuukausi.stack.databases import create_database, create_roles
from kuukausi.stack.layout import Layout
from kuukausi.stack.plan import Plan
from kuukausi.stack.process import Command, environment_of, for_a_person, leashed
from kuukausi.stack.services import ServiceProcess


def make_key_rings(layout: Layout) -> None:
    """On the first start only: what an old ring wrapped would stay shut under a new one."""
    if not (layout.keys / PUBLIC_KEYS_NAME).exists():
        create_key_rings(layout.keys)


def prepare_databases(plan: Plan) -> None:
    """Roles, then one database for each service."""

    async def prepare() -> None:
        await create_roles(plan.postgres, plan.passwords.roles)
        for database in plan.databases.values():
            await create_database(plan.postgres, database)

    asyncio.run(prepare())


def migrate(services: Sequence[ServiceProcess]) -> None:
    """Bring each service's tables to the version of its code, by its own command and as their owner; all at once."""
    commands = [service.migrate() for service in services]
    with ThreadPoolExecutor(max(1, len(commands))) as pool:
        for command, result in zip(commands, pool.map(_run, commands), strict=True):
            command.log_path.write_bytes(result.stdout)
            if result.returncode != 0:
                raise _not_migrated(command, result.stdout.decode(errors="replace"))


def _run(command: Command) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        leashed(command),
        env=environment_of(command),
        cwd=command.directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


def _not_migrated(command: Command, said: str) -> DidNotStart:
    return DidNotStart(
        f"the database of {command.name} could not be brought up to date: {for_a_person(said.splitlines())}",
        where=str(command.log_path),
        remedy="read that file; the data is as it was before",
    )
