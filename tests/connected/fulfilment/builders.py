"""What intake and the notifier would send, and a small customer register to act on."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from uuid6 import uuid7

from dsr_shared.contracts.base import Envelope, Event, WrappedKeyV1
from dsr_shared.contracts.deliveries import LetterAcceptedV1
from dsr_shared.contracts.requests import ChallengeAnsweredV1, IdentityProvedV1, RequestReceivedV1
from dsr_shared.contracts.sealed import MessageV1, PersonV1
from dsr_shared.contracts.words import READERS, Right
from dsr_shared.inbox import Disposition, Handled, Record
from dsr_shared.inbox.consume import Inbox
from dsr_shared.keyring import PublicKeys
from dsr_shared.sealing import SealContext, new_data_key, seal_model

CUSTOMERS = """
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, email text);
CREATE TABLE invoices (
    number int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, issued_on date, total numeric
);
CREATE TABLE notes (
    customer_id int NOT NULL REFERENCES customers, line int, body text, PRIMARY KEY (customer_id, line)
);
INSERT INTO customers VALUES (1, 'Aino Esimerkki', 'aino@posti.example'), (2, 'Aino Esimerkki', 'toinen@posti.example');
INSERT INTO invoices VALUES (10, 1, '2018-05-02', 120.00), (11, 1, '2026-03-15', 80.50), (12, 2, '2026-03-15', 9.90);
INSERT INTO notes VALUES (1, 1, 'Soitti laskusta'), (1, 2, 'Muutti'), (2, 1, 'Ei mainoksia');
"""


async def make_customers(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(CUSTOMERS)
    finally:
        await connection.close()


@dataclass
class OtherServices:
    """Sends fulfilment what intake and the notifier would send, each case's events in sequence."""

    inbox: Inbox
    public: PublicKeys
    sequences: dict[tuple[UUID, str], int] = field(default_factory=dict)

    async def send(
        self, case_id: UUID, event: Event, *, event_id: UUID | None = None, keys: tuple[WrappedKeyV1, ...] = ()
    ) -> Disposition:
        stream = (case_id, event.TOPIC)
        self.sequences[stream] = self.sequences.get(stream, 0) + 1
        envelope = Envelope(
            event_id=event_id or uuid7(),
            type=event.TYPE,
            version=event.VERSION,
            controller_id="esimerkki",
            case_id=case_id,
            sequence=self.sequences[stream],
            occurred_at=datetime.now(UTC),
            producer="notifier" if event.TOPIC == "deliveries.v1" else "intake",
            correlation_id=uuid7(),
            keys=keys,
            data=event.model_dump(mode="json"),
        )
        record = Record(event.TOPIC, 0, sum(self.sequences.values()), None, envelope.model_dump_json().encode())
        disposition = await self.inbox.consume(record)
        assert disposition == Handled(had_handler=True), disposition
        return disposition

    async def request(
        self,
        *rights: Right,
        email: str = "aino@posti.example",
        received_at: datetime | None = None,
        linked_case_id: UUID | None = None,
        identifiers: dict[str, str] | None = None,
    ) -> UUID:
        case_id, event_id = uuid7(), uuid7()
        key = new_data_key("arrival")
        person = PersonV1(name="Aino Esimerkki", email=email, identifiers=identifiers or {})
        message = MessageV1(subject="Tietoni", text="Haluan tietoni.", status_token="x" * 43)
        context = {name: SealContext(event_id, "request_received", case_id, name) for name in ("person", "message")}
        event = RequestReceivedV1(
            arrival_id=case_id,
            channel="mail",
            received_at=received_at or datetime.now(UTC),
            language="fi",
            rights=rights,
            is_on_behalf=False,
            needs_person=not rights,
            confidence=0.9,
            person=seal_model(key, person, context["person"]),
            message=seal_model(key, message, context["message"]),
            raw_sha256="0" * 64,
            linked_case_id=linked_case_id,
        )
        keys = tuple(self.public.wrap(key, reader) for reader in READERS["arrival"])
        await self.send(case_id, event, event_id=event_id, keys=keys)
        return case_id

    async def answer_challenge(self, case_id: UUID, challenge_id: UUID) -> None:
        await self.send(case_id, ChallengeAnsweredV1(challenge_id=challenge_id, answered_at=datetime.now(UTC)))

    async def sign_in(self, case_id: UUID, person: PersonV1) -> None:
        """Somebody signed in at the company's provider."""
        event_id, key = uuid7(), new_data_key("arrival")
        event = IdentityProvedV1(
            proof_id=uuid7(),
            proved_at=datetime.now(UTC),
            issuer="https://tunnistus.example",
            acr="loa2",
            person=seal_model(key, person, SealContext(event_id, "identity_proved", case_id, "person")),
        )
        keys = tuple(self.public.wrap(key, reader) for reader in READERS["arrival"])
        await self.send(case_id, event, event_id=event_id, keys=keys)

    async def accept_letter(self, case_id: UUID, letter_id: UUID) -> None:
        await self.send(
            case_id,
            LetterAcceptedV1(
                letter_id=letter_id,
                message_id=f"<{letter_id}@esimerkki.example>",
                accepted_at=datetime.now(UTC),
                is_repeat=False,
            ),
        )


def here(name: str) -> Path:
    return Path(__file__).with_name(name)
