"""Deleting what the controller no longer needs: packages 30 days after the first download, 60 at the most."""

from uuid6 import uuid7

from dsr_fulfilment.adapters import cases, evidence, packages
from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.handlers.blobs import give_up
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.base import BlobRefV1
from dsr_shared.contracts.cases import PackageDeletedV1
from dsr_shared.outbox import Draft
from dsr_shared.postgres import database_now


async def delete_old_packages(tools: Tools) -> None:
    """Give up the blobs that had their time and say so; they go once that is committed."""
    for register in tools.registers:
        async with tools.database.transaction(register.id) as conn:
            for row in await conn.fetch(statements("cases")["packages_to_delete"]):
                case = await cases.load(conn, row["case_id"])
                await give_up(conn, case, BlobRefV1.model_validate_json(row["blob"]).name)
                await packages.deleted(conn, row["package_id"])
                event = PackageDeletedV1(package_id=row["package_id"], deleted_at=await database_now(conn))
                await tools.outbox.append(conn, Draft(uuid7(), case.controller_id, case.case_id, event))
                await evidence.add(conn, tools.ring, case, "package_deleted", {"package": str(row["package_id"])})
