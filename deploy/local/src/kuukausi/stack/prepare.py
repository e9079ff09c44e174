"""Init steps of a start, each of which may be repeated: key rings, databases, migrations, topics."""

import asyncio
import subprocess
from typing import Final

from dsr_shared.keyring import create_key_rings
from dsr_shared.keyring_files import PUBLIC_KEYS_NAME
from kuukausi.errors import DidNotStart
from kuukausi.stack.databases import create_database, create_roles
from kuukausi.stack.layout import Layout
from kuukausi.stack.plan import Plan
from kuukausi.stack.process import environment_of, leashed
from kuukausi.stack.services import ServiceProcess

_LAST: Final = 1500


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


def migrate(service: ServiceProcess) -> None:
    """Bring the service's tables to the version of its code, by its own command and as their owner."""
    command = service.migrate()
    result = subprocess.run(
        leashed(command), env=environment_of(command), cwd=command.directory, capture_output=True, check=False
    )
    command.log_path.write_bytes(result.stdout + result.stderr)
    if result.returncode != 0:
        raise DidNotStart(
            f"the database of {service.name} could not be brought up to date:\n"
            + (result.stdout + result.stderr).decode(errors="replace").strip()[-_LAST:],
            where=str(command.log_path),
            remedy="read the message above; the data is as it was before",
        )
