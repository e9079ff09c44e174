"""What fulfilment tells, as the public pages need it. Each handler runs in the inbox's transaction."""

import json
from typing import TypeVar

from dsr_intake.handlers.drafts import plain_draft
from dsr_intake.handlers.form_files import FormFiles
from dsr_intake.handlers.mail_files import MailFiles
from dsr_intake.handlers.replies import ExpectedReplies
from dsr_shared.blobs import BlobStore
from dsr_shared.contracts.base import BlobRefV1, Event
from dsr_shared.contracts.cases import (
    CaseKeyDestroyedV1,
    CaseStageChangedV1,
    ChallengeIssuedV1,
    DownloadCodeIssuedV1,
    LetterSentV1,
    PackageDeletedV1,
    PackageReadyV1,
    ReplyExpectedV1,
    StatusCodeIssuedV1,
)
from dsr_shared.contracts.controllers import ControllerPublishedV1
from dsr_shared.contracts.notices import NoticePublishedV1
from dsr_shared.contracts.requests import IntakeKeyDestroyedV1
from dsr_shared.inbox import Handler, Received
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Connection, database_now, load_queries

EventT = TypeVar("EventT", bound=Event)


class CaseEvents:
    """The handlers of intake's consumer, by event class."""

    def __init__(self, keys: CaseKeys, blobs: BlobStore, outbox: Outbox, files: FormFiles) -> None:
        self._keys = keys
        self._blobs = blobs
        self._outbox = outbox
        self._files = files
        self._expected = ExpectedReplies()
        self._mail_files = MailFiles(blobs)
        self._sql = load_queries("dsr_intake")
        self._form_sql = load_queries("dsr_intake", "form.sql")
        self._sign_in_sql = load_queries("dsr_intake", "sign_ins.sql")
        self._notice_sql = load_queries("dsr_intake", "notices.sql")

    def handlers(self) -> dict[type[Event], Handler]:
        return {
            ControllerPublishedV1: self._publish_controller,
            NoticePublishedV1: self._publish_notice,
            CaseStageChangedV1: self._show_stage,
            ChallengeIssuedV1: self._expect_answer,
            ReplyExpectedV1: self._expected.add,
            PackageReadyV1: self._offer_package,
            DownloadCodeIssuedV1: self._accept_code,
            StatusCodeIssuedV1: self._accept_status_code,
            LetterSentV1: self._list_letter,
            PackageDeletedV1: self._withdraw_package,
            CaseKeyDestroyedV1: self._destroy_keys,
        }

    async def _publish_controller(self, connection: Connection, received: Received) -> None:
        event = _event(received, ControllerPublishedV1)
        values = (received.envelope.controller_id, event.register_version, event.model_dump_json())
        await connection.execute(self._sql["publish_controller"], *values)

    async def _publish_notice(self, connection: Connection, received: Received) -> None:
        event = _event(received, NoticePublishedV1)
        values = (received.envelope.controller_id, event.notice_version, event.published_at, event.model_dump_json())
        await connection.execute(self._notice_sql["publish_notice"], *values)

    async def _show_stage(self, connection: Connection, received: Received) -> None:
        event, envelope = _event(received, CaseStageChangedV1), received.envelope
        await connection.execute(
            self._sql["set_case_stage"],
            envelope.case_id,
            envelope.controller_id,
            event.reference,
            event.stage,
            list(event.rights),
            event.language,
            event.received_at,
            event.due_on,
            event.extended_due_on,
            json.dumps([kept.model_dump(mode="json") for kept in event.kept]),
            event.changed_at,
        )

    async def _expect_answer(self, connection: Connection, received: Received) -> None:
        event, envelope = _event(received, ChallengeIssuedV1), received.envelope
        values = (event.challenge_id, envelope.controller_id, envelope.case_id, event.token_hash, event.expires_at)
        await connection.execute(self._sql["add_challenge"], *values)

    async def _offer_package(self, connection: Connection, received: Received) -> None:
        event, envelope = _event(received, PackageReadyV1), received.envelope
        await connection.execute(
            self._sql["add_package"],
            event.package_id,
            envelope.controller_id,
            envelope.case_id,
            event.token_hash,
            event.blob.model_dump_json(),
            event.expires_at,
        )

    async def _accept_code(self, connection: Connection, received: Received) -> None:
        event = _event(received, DownloadCodeIssuedV1)
        values = (event.package_id, event.code_hash, event.expires_at, event.tries)
        await connection.execute(self._sql["set_download_code"], *values)

    async def _accept_status_code(self, connection: Connection, received: Received) -> None:
        event = _event(received, StatusCodeIssuedV1)
        values = (event.token_hash, event.code_hash, event.expires_at, event.tries)
        await connection.execute(self._form_sql["set_status_code"], received.envelope.controller_id, *values)

    async def _list_letter(self, connection: Connection, received: Received) -> None:
        event, envelope = _event(received, LetterSentV1), received.envelope
        values = (event.letter_id, envelope.controller_id, envelope.case_id, event.kind, event.sent_at)
        await connection.execute(self._form_sql["add_letter_sent"], *values)

    async def _withdraw_package(self, connection: Connection, received: Received) -> None:
        event = _event(received, PackageDeletedV1)
        await connection.execute(self._sql["delete_package"], event.package_id, event.deleted_at)

    async def _destroy_keys(self, connection: Connection, received: Received) -> None:
        """Everything sealed of the case becomes unreadable here, and the confirmation says how many keys went."""
        controller_id, case_id = received.envelope.controller_id, received.envelope.case_id
        destroyed = await self._keys.destroy(connection, controller_id, case_id)
        for row in await connection.fetch(self._sql["arrivals_of_case"], controller_id, case_id):
            if row["arrival_id"] != case_id:
                destroyed += await self._keys.destroy(connection, controller_id, row["arrival_id"])
            if row["raw_blob"]:
                await self._blobs.delete(BlobRefV1.model_validate_json(row["raw_blob"]).name)
        for query in ("empty_arrivals", "forget_threads", "forget_challenges", "forget_packages"):
            await connection.execute(self._sql[query], controller_id, case_id)
        await self._expected.forget(connection, controller_id, case_id)
        await self._mail_files.forget(connection, controller_id, case_id)
        await self._files.forget(connection, controller_id, case_id)
        for query in ("forget_letters_sent", "forget_codes"):
            await connection.execute(self._form_sql[query], controller_id, case_id)
        await connection.execute(self._sign_in_sql["forget"], controller_id, case_id)
        now = await database_now(connection)
        await connection.execute(self._sql["close_case"], controller_id, case_id, now)
        event = IntakeKeyDestroyedV1(destroyed_at=now, keys_destroyed=destroyed)
        draft = plain_draft(controller_id, case_id, event, causation_id=received.envelope.event_id)
        await self._outbox.append(connection, draft)


def _event(received: Received, cls: type[EventT]) -> EventT:
    if not isinstance(received.event, cls):
        raise TypeError(f"{received.envelope.type} came to the handler of {cls.__name__}")
    return received.event
