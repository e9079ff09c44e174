"""What people do with the links they hold: prove an address, ask for a code, fetch a package, see how a case stands.

A token is compared by its hash, which is how the database finds it; nothing here depends on who the person is.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from dsr_intake.handlers.drafts import plain_draft
from dsr_shared.blobs import BlobStore
from dsr_shared.contracts.base import BlobRefV1
from dsr_shared.contracts.requests import ChallengeAnsweredV1, PackageDownloadedV1, PackageOpenedV1
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Connection, Database, load_queries
from dsr_shared.sealing import SealContext, hash_token, open_with_token

CODES_AN_HOUR: Final = 5


@dataclass(frozen=True, slots=True)
class OfferedPackage:
    """A package that a link leads to."""

    package_id: UUID
    case_id: UUID
    blob: BlobRefV1
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class WrongCode:
    """Not the code; so many tries are left."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class NoCode:
    """No code counts at the moment: none was asked for, it expired, or its tries are used up."""


@dataclass(frozen=True, slots=True)
class RightCode:
    """The package may be handed over, once."""

    package: OfferedPackage


CodeRequest: TypeAlias = Literal["asked", "too_many", "unknown_link"]
CodeVerdict: TypeAlias = WrongCode | NoCode | RightCode


class Links:
    """The database side of the pages that need a token."""

    def __init__(self, database: Database, outbox: Outbox, blobs: BlobStore) -> None:
        self._database = database
        self._outbox = outbox
        self._blobs = blobs
        self._sql = load_queries("dsr_intake")

    async def case_of_status_token(self, controller_id: str, token: str) -> tuple[Any, Any] | None:
        """The case as it stands and its package that can be fetched, if there is one."""
        async with self._database.transaction(controller_id) as connection:
            case = await connection.fetchrow(self._sql["case_by_status_token"], controller_id, hash_token(token))
            if case is None:
                return None
            return case, await connection.fetchrow(self._sql["package_of_case"], controller_id, case["case_id"])

    async def challenge(self, controller_id: str, token: str) -> Any | None:
        async with self._database.transaction(controller_id) as connection:
            return await connection.fetchrow(self._sql["challenge_by_token"], controller_id, hash_token(token))

    async def answer_challenge(self, controller_id: str, token: str, status_token: str) -> bool:
        """Answer once and give the case a status link; False where the token is unknown, expired or was used."""
        async with self._database.transaction(controller_id) as connection:
            row = await connection.fetchrow(self._sql["answer_challenge"], controller_id, hash_token(token))
            if row is None:
                return False
            event = ChallengeAnsweredV1(challenge_id=row["challenge_id"], answered_at=row["answered_at"])
            await self._outbox.append(connection, plain_draft(controller_id, row["case_id"], event))
            values = (hash_token(status_token), controller_id, row["case_id"])
            await connection.execute(self._sql["add_status_link"], *values)
            return True

    async def package(self, controller_id: str, token: str) -> OfferedPackage | None:
        async with self._database.transaction(controller_id) as connection:
            return await self._package(connection, controller_id, token)

    async def ask_code(self, controller_id: str, token: str) -> CodeRequest:
        """Announce that a code is wanted, at most a few times an hour."""
        async with self._database.transaction(controller_id) as connection:
            package = await self._package(connection, controller_id, token)
            if package is None:
                return "unknown_link"
            asked_at = await connection.fetchval(self._sql["ask_code"], package.package_id, CODES_AN_HOUR)
            if asked_at is None:
                return "too_many"
            event = PackageOpenedV1(package_id=package.package_id, opened_at=asked_at)
            await self._outbox.append(connection, plain_draft(controller_id, package.case_id, event))
            return "asked"

    async def try_code(self, controller_id: str, token: str, code: str) -> CodeVerdict | None:
        """Spend a try, then compare; the spent try is committed whatever follows. None for an unknown link."""
        async with self._database.transaction(controller_id) as connection:
            package = await self._package(connection, controller_id, token)
            if package is None:
                return None
            spent = await connection.fetchrow(self._sql["spend_try"], package.package_id)
            if spent is None:
                return NoCode()
            given = hashlib.sha256(f"{hash_token(token)}:{code}".encode()).hexdigest()
            if not hmac.compare_digest(given, spent["code_hash"]):
                return WrongCode(spent["code_tries_left"]) if spent["code_tries_left"] else NoCode()
            await connection.execute(self._sql["use_code"], package.package_id, given)
            return RightCode(package)

    async def open_package(self, package: OfferedPackage, token: str) -> bytes:
        """The ZIP, opened in memory with the link's token; raises BlobError or CannotOpen."""
        ciphertext = await self._blobs.get(package.blob)
        context = SealContext(package.package_id, "package", package.case_id, "zip")
        return open_with_token(token, ciphertext, context)

    async def record_download(self, controller_id: str, package: OfferedPackage) -> None:
        """The whole body was handed over."""
        async with self._database.transaction(controller_id) as connection:
            at = await connection.fetchval(self._sql["mark_downloaded"], package.package_id)
            if at is not None:
                event = PackageDownloadedV1(package_id=package.package_id, downloaded_at=at)
                await self._outbox.append(connection, plain_draft(controller_id, package.case_id, event))

    async def _package(self, connection: Connection, controller_id: str, token: str) -> OfferedPackage | None:
        row = await connection.fetchrow(self._sql["package_by_token"], controller_id, hash_token(token))
        if row is None:
            return None
        blob = BlobRefV1.model_validate_json(row["blob"])
        return OfferedPackage(row["package_id"], row["case_id"], blob, row["expires_at"])
