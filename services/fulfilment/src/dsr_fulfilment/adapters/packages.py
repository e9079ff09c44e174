"""Packages in PostgreSQL; the bytes lie sealed in the blob store."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import Case
from dsr_shared.contracts.base import BlobRefV1
from dsr_shared.postgres import Connection


@dataclass(frozen=True)
class Package:
    """A sealed package; the key comes from its link's token, of which only the hash is kept."""

    package_id: UUID
    controller_id: str
    case_id: UUID
    token_hash: str
    blob: BlobRefV1
    expires_at: datetime
    downloaded_at: datetime | None


async def add(conn: Connection, case: Case, package: Package) -> None:
    await conn.execute(
        statements("cases")["add_package"],
        package.package_id,
        case.controller_id,
        case.case_id,
        package.token_hash,
        package.blob.model_dump_json(),
        package.expires_at,
    )


async def load(conn: Connection, package_id: UUID) -> Package | None:
    """One package that is still there."""
    row = await conn.fetchrow(statements("cases")["load_package"], package_id)
    if row is None:
        return None
    return Package(
        package_id=row["package_id"],
        controller_id=row["controller_id"],
        case_id=row["case_id"],
        token_hash=row["token_hash"],
        blob=BlobRefV1.model_validate_json(row["blob"]),
        expires_at=row["expires_at"],
        downloaded_at=row["downloaded_at"],
    )


async def living(conn: Connection, case_id: UUID) -> Package | None:
    """The package of a case that can still be fetched."""
    row = await conn.fetchrow(statements("cases")["living_package"], case_id)
    return None if row is None else await load(conn, row["package_id"])


async def downloaded(conn: Connection, package_id: UUID, at: datetime) -> None:
    await conn.execute(statements("cases")["package_downloaded"], package_id, at)


async def deleted(conn: Connection, package_id: UUID) -> None:
    await conn.execute(statements("cases")["package_deleted"], package_id)
