"""What the status page shows and does: a code, more words, and taking the request back.

The link alone shows how a case stands. Once an address was proved in the case, the rest needs a code that is sent
there; a right code opens the page for half an hour on the browser that typed it.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from dsr_intake.domain.form_files import FileTray
from dsr_intake.handlers.drafts import SealedParts, plain_draft
from dsr_intake.handlers.form_files import FormFiles, key_of
from dsr_intake.handlers.links import CODES_AN_HOUR, CodeRequest, NoCode, WrongCode
from dsr_shared.contracts.requests import MessageReceivedV1, RequestWithdrawnV1, StatusCodeWantedV1
from dsr_shared.contracts.sealed import MessageV1, PersonV1
from dsr_shared.contracts.words import Language
from dsr_shared.keyring import KeyRing
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Connection, Database, database_now, load_queries
from dsr_shared.sealing import SealContext, hash_token, seal

SESSION_SECONDS: Final = 30 * 60


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as its status page needs it."""

    case: Any
    package: Any
    letters: Sequence[Any]

    @property
    def case_id(self) -> UUID:
        case_id: UUID = self.case["case_id"]
        return case_id

    @property
    def needs_code(self) -> bool:
        return bool(self.case["needs_code"])

    @property
    def may_change(self) -> bool:
        """Whether more can be added or the request taken back."""
        return self.case["stage"] not in ("closed", "destroyed") and self.case["withdrawn_at"] is None


@dataclass(frozen=True, slots=True)
class Addition:
    """More that somebody wrote on the status page."""

    message_id: UUID
    text: str
    language: Language
    tray: FileTray


@dataclass(frozen=True, slots=True)
class Opened:
    """The code was right."""


class StatusDesk:
    """The database side of the status page."""

    def __init__(self, database: Database, keys: CaseKeys, ring: KeyRing, outbox: Outbox, files: FormFiles) -> None:
        self._database = database
        self._keys = keys
        self._ring = ring
        self._outbox = outbox
        self._files = files
        self._sql = load_queries("dsr_intake", "form.sql")
        self._package = load_queries("dsr_intake")["package_of_case"]

    async def find(self, controller_id: str, token: str) -> CaseView | None:
        async with self._database.transaction(controller_id) as connection:
            case = await connection.fetchrow(self._sql["status_of_token"], controller_id, hash_token(token))
            if case is None:
                return None
            package = await connection.fetchrow(self._package, controller_id, case["case_id"])
            letters = await connection.fetch(self._sql["letters_of_case"], controller_id, case["case_id"])
            return CaseView(case, package, letters)

    async def ask_code(self, controller_id: str, token: str) -> CodeRequest:
        """Announce that a code is wanted, at most a few times an hour; it goes where the case's letters go."""
        async with self._database.transaction(controller_id) as connection:
            hashed = hash_token(token)
            case = await connection.fetchrow(self._sql["status_of_token"], controller_id, hashed)
            if case is None or not case["needs_code"]:
                return "unknown_link"
            values = (controller_id, hashed, CODES_AN_HOUR)
            asked_at = await connection.fetchval(self._sql["ask_status_code"], *values)
            if asked_at is None:
                return "too_many"
            event = StatusCodeWantedV1(token_hash=hashed, wanted_at=asked_at)
            await self._outbox.append(connection, plain_draft(controller_id, case["case_id"], event))
            return "asked"

    async def try_code(self, controller_id: str, token: str, code: str) -> WrongCode | NoCode | Opened:
        """Spend a try, then compare; the spent try is committed whatever follows."""
        hashed = hash_token(token)
        async with self._database.transaction(controller_id) as connection:
            spent = await connection.fetchrow(self._sql["spend_status_try"], controller_id, hashed)
            if spent is None:
                return NoCode()
            given = hashlib.sha256(f"{hashed}:{code}".encode()).hexdigest()
            if not hmac.compare_digest(given, spent["code_hash"]):
                return WrongCode(spent["code_tries_left"]) if spent["code_tries_left"] else NoCode()
            await connection.execute(self._sql["use_status_code"], controller_id, hashed)
            return Opened()

    def session(self, token: str, now_seconds: float) -> str:
        """A fresh proof that the code was typed, bound to this link; only we can make one."""
        until = int(now_seconds) + SESSION_SECONDS
        return f"{until}.{self._session_mac(token, until)}"

    def is_session(self, token: str, text: str, now_seconds: float) -> bool:
        until, _, mac = text.partition(".")
        if not (until.isascii() and until.isdigit() and len(until) < 12 and mac.isascii()):
            return False
        is_ours = hmac.compare_digest(mac, self._session_mac(token, int(until)))
        return is_ours and now_seconds < int(until)

    def _session_mac(self, token: str, until: int) -> str:
        return self._ring.mac("status session", f"{hash_token(token)}:{until}")

    async def add(self, controller_id: str, case_id: UUID, addition: Addition) -> None:
        """Keep and tell what was added; the same page sent twice is one message. Raises FilesGone."""
        async with self._database.transaction(controller_id) as connection:
            if await connection.fetchval(self._sql["has_arrival"], controller_id, addition.message_id):
                return
            await self._add(connection, controller_id, case_id, addition)

    async def _add(self, connection: Connection, controller_id: str, case_id: UUID, addition: Addition) -> None:
        tray = addition.tray
        key = await self._keys.new(connection, controller_id, case_id, "arrival", key=key_of(tray))
        attachments = await self._files.claim(connection, controller_id, tray, case_id) if tray.files else ()
        names = tuple(file.name for file in tray.files)
        now = await database_now(connection)
        raw = _raw(addition)
        digest = hashlib.sha256(raw).hexdigest()
        context = SealContext(addition.message_id, "arrivals", addition.message_id, "raw")
        stored = await connection.fetchval(
            self._sql["store_form_message"],
            addition.message_id,
            controller_id,
            case_id,
            now,
            digest,
            key.key_id,
            seal(key, raw, context).model_dump_json(),
            addition.language,
        )
        if stored is None:
            return
        parts = SealedParts(MessageReceivedV1, case_id, key)
        event = MessageReceivedV1(
            arrival_id=addition.message_id,
            channel="form",
            received_at=now,
            kind="follow_up",
            is_readable=True,
            language=addition.language,
            person=parts.person(PersonV1()),
            message=parts.message(MessageV1(text=addition.text, attachment_names=names)),
            raw_sha256=digest,
            attachments=attachments,
        )
        await self._outbox.append(connection, parts.draft(controller_id, event, self._keys.wrap_for_readers(key)))

    async def withdraw(self, controller_id: str, case_id: UUID) -> bool:
        """Take the request back, once; False where it was ended or taken back before."""
        async with self._database.transaction(controller_id) as connection:
            at = await connection.fetchval(self._sql["withdraw_case"], controller_id, case_id)
            if at is None:
                return False
            event = RequestWithdrawnV1(withdrawn_at=at)
            await self._outbox.append(connection, plain_draft(controller_id, case_id, event))
            return True


def _raw(addition: Addition) -> bytes:
    files = [[file.name, file.media_type, file.blob_sha256] for file in addition.tray.files]
    document = {"message": str(addition.message_id), "text": addition.text, "files": files}
    return json.dumps(document, ensure_ascii=False).encode()
