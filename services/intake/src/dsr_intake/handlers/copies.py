"""The same mail again: one arrival, at the earliest receipt, whichever way and however often it came."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dsr_intake.domain.arrivals import NOISE_KEPT_DAYS, ClaimedArrival
from dsr_intake.domain.decide import Copy, EarlierMail
from dsr_intake.domain.mail import MailReading
from dsr_intake.handlers.drafts import plain_draft
from dsr_shared.calendar import due_dates
from dsr_shared.contracts.requests import ReceiptCorrectedV1
from dsr_shared.keyring import KeyRing
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Connection, load_queries


class Receipts:
    """Moves a receipt back when an earlier copy turns up, and says so; never on."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._sql = load_queries("dsr_intake", "threads.sql")

    async def correct(
        self, connection: Connection, controller_id: str, arrival_id: UUID, received_at: datetime
    ) -> None:
        """Count from the earlier receipt; fulfilment is told where it was told of the later one."""
        original = await connection.fetchval(self._sql["standing_for"], arrival_id)
        row = await connection.fetchrow(self._sql["receive_earlier"], original, received_at)
        if row is None or not row["was_told"]:
            return
        if row["case_id"] == original:
            due = due_dates(received_at).due
            await connection.execute(self._sql["case_receive_earlier"], original, received_at, due)
        event = ReceiptCorrectedV1(arrival_id=original, received_at=received_at)
        await self._outbox.append(connection, plain_draft(controller_id, row["case_id"], event))


@dataclass(frozen=True, slots=True)
class Known:
    """What came before with the mail's Message-ID."""

    copy: Copy | None = None
    earlier: EarlierMail = "none"


class Copies:
    """Compares Message-IDs and bodies by keyed hashes."""

    def __init__(self, ring: KeyRing, receipts: Receipts) -> None:
        self._ring = ring
        self._receipts = receipts
        self._sql = load_queries("dsr_intake", "threads.sql")

    async def look(self, connection: Connection, claim: ClaimedArrival, reading: MailReading) -> Known:
        """Whether this mail came before, whole or with another body; mails of one Message-ID wait for each other."""
        if reading.message_id is None or reading.body_sha256 is None:
            return Known()
        message_id = self._ring.mac("message id", reading.message_id)
        body = self._ring.mac("mail copy", f"{message_id} {reading.body_sha256}")
        await connection.execute(self._sql["lock_message_id"], claim.controller_id, message_id)
        rows = await connection.fetch(self._sql["same_message_id"], claim.controller_id, message_id, claim.arrival_id)
        await connection.execute(self._sql["note_copy"], claim.arrival_id, message_id, body)
        same = next((row for row in rows if row["copy_hash"] == body), None)
        if same is not None:
            return Known(Copy(same["arrival_id"]))
        if rows:
            return Known(earlier="noise" if all(row["is_noise"] for row in rows) else "told")
        return Known()

    async def keep(self, connection: Connection, claim: ClaimedArrival, copy: Copy, received_at: datetime) -> None:
        """Put the copy beside the arrival that stands for it, and count from the earlier receipt of the two."""
        await connection.execute(self._sql["mark_copy"], claim.arrival_id, copy.original, NOISE_KEPT_DAYS)
        await self._receipts.correct(connection, claim.controller_id, copy.original, received_at)
