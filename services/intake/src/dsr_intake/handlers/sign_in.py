"""Signing in for a case: it begins with a link that somebody holds, and ends with what the provider proved, sealed.

Nothing here depends on who the person is, and nothing is looked up: fulfilment decides what a proof is worth.
"""

from typing import Any, Final, Literal
from uuid import UUID

from uuid6 import uuid7

from dsr_intake.domain.sign_in import Answer, Asked, Begun, BrowserSecret, acr_of, person_of
from dsr_intake.handlers.drafts import SealedParts
from dsr_intake.ports import IdentityProvider
from dsr_shared.contracts.controllers import SignInV1
from dsr_shared.contracts.requests import IdentityProvedV1
from dsr_shared.contracts.words import Language
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Database, load_queries
from dsr_shared.sealing import hash_token, new_token

LIFE_SECONDS: Final = 600
Way = Literal["verify", "status"]


class SignIns:
    """The database side of signing in."""

    def __init__(
        self, database: Database, keys: CaseKeys, outbox: Outbox, provider: IdentityProvider, public_url: str
    ) -> None:
        self._database = database
        self._keys = keys
        self._outbox = outbox
        self._provider = provider
        self._public_url = public_url
        self._sql = load_queries("dsr_intake", "sign_ins.sql")

    def is_offered(self, controller_id: str, sign_in: SignInV1 | None) -> bool:
        return self._provider.is_ready(controller_id, sign_in)

    def public_keys(self, controller_id: str, sign_in: SignInV1 | None) -> dict[str, Any] | None:
        return self._provider.public_keys(controller_id, sign_in)

    async def begin(
        self, controller_id: str, sign_in: SignInV1, way: Way, token: str, language: Language
    ) -> tuple[str, BrowserSecret] | None:
        """Where the browser goes, and the secret that it keeps. None for a link of no case that waits to know who asks.

        Raises ProviderUnreachable.
        """
        async with self._database.transaction(controller_id) as connection:
            values = (controller_id, hash_token(token), way)
            case_id = await connection.fetchval(self._sql["case_of_link"], *values)
        if case_id is None:
            return None
        asked = Asked(self._redirect_uri(controller_id), new_token(), BrowserSecret(new_token()), language)
        address = await self._provider.address(controller_id, sign_in, asked)
        await self._begin(controller_id, case_id, asked)
        return address, asked.secret

    async def take(self, controller_id: str, state: str, secret: BrowserSecret) -> Begun | None:
        """Spend a sign-in, whatever its answer says. None where it is unknown, too old, spent or another browser's."""
        async with self._database.transaction(controller_id) as connection:
            values = (controller_id, hash_token(state), hash_token(secret.text))
            case_id = await connection.fetchval(self._sql["take"], *values)
        return None if case_id is None else Begun(hash_token(state), case_id, secret)

    async def finish(self, controller_id: str, sign_in: SignInV1, begun: Begun, code: str, issuer: str | None) -> None:
        """Return once the proof is told; raises SignInError, or KeyDestroyed for a case that was destroyed."""
        answer = Answer(self._redirect_uri(controller_id), code, begun.secret, issuer)
        claims = await self._provider.claims(controller_id, sign_in, answer)
        acr, person = acr_of(sign_in, claims), person_of(sign_in, claims)
        async with self._database.transaction(controller_id) as connection:
            key = await self._keys.new(connection, controller_id, begun.case_id, "arrival")
            at = await connection.fetchval(self._sql["note_proof"], controller_id, begun.state_hash)
            if at is None:
                return
            parts = SealedParts(IdentityProvedV1, begun.case_id, key)
            event = IdentityProvedV1(
                proof_id=uuid7(), proved_at=at, issuer=sign_in.issuer, acr=acr, person=parts.person(person)
            )
            await self._outbox.append(connection, parts.draft(controller_id, event, self._keys.wrap_for_readers(key)))

    async def _begin(self, controller_id: str, case_id: UUID, asked: Asked) -> None:
        async with self._database.transaction(controller_id) as connection:
            values = (hash_token(asked.state), controller_id, case_id, hash_token(asked.secret.text), LIFE_SECONDS)
            await connection.execute(self._sql["begin"], *values)

    def _redirect_uri(self, controller_id: str) -> str:
        """The one address that the provider knows for this controller."""
        return f"{self._public_url}/{controller_id}/sign-in/done"
