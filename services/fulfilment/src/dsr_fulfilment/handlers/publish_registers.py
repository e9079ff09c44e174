"""Telling the other services the public part of each register, whenever it changed."""

from uuid import NAMESPACE_URL, UUID, uuid5

from uuid6 import uuid7

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.handlers.publish_notices import notice_address, publish_notice
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.register.model import Register
from dsr_fulfilment.register.sign_in import SignIn
from dsr_shared.contracts.controllers import AuthorityV1, ControllerPublishedV1, SignInV1
from dsr_shared.outbox import Draft


def controller_stream(controller_id: str) -> UUID:
    """The case id under which a controller's register is published: always the same one."""
    return uuid5(NAMESPACE_URL, f"kuukausi:controller:{controller_id}")


async def publish_registers(tools: Tools) -> tuple[str, ...]:
    """Publish every register that changed since it was last published; returns their controllers.

    A notice is compared by itself: a newer Kuukausi may word it otherwise while the register stays.
    """
    return tuple([register.id for register in tools.registers if await _publish(tools, register)])


async def _publish(tools: Tools, register: Register) -> bool:
    async with tools.database.transaction(register.id) as conn:
        statement = statements("cases")["publish_register"]
        fingerprint = f"{tools.registers.hash_of(register.id)} {tools.intake_url} notice"
        version = await conn.fetchval(statement, register.id, fingerprint)  # locks its row also where nothing changed
        if version is not None:
            event = public_part(register, version, tools.intake_url)
            await tools.outbox.append(conn, Draft(uuid7(), register.id, controller_stream(register.id), event))
        await publish_notice(tools, conn, register)
        return version is not None


def public_part(register: Register, version: int, intake_url: str) -> ControllerPublishedV1:
    """What the public may know of a register."""
    authority = register.authority
    return ControllerPublishedV1(
        register_version=version,
        name=register.name,
        business_id=register.business_id,
        languages=register.languages,
        brand_colour=register.brand_colour,
        contact_email=register.contact.email,
        contact_phone=register.contact.phone,
        phone_hours=register.contact.hours,
        postal_address=register.contact.postal_address,
        sender_name=register.sender_name,
        mail_hosts=register.mail_hosts,
        public_url=(register.public_url or intake_url).rstrip("/"),
        notice_url=register.notice_url or notice_address(register, intake_url),
        embed_origins=register.embed_origins,
        authority=AuthorityV1(
            name=authority.name,
            postal_address=authority.postal_address,
            phone=authority.phone,
            email=authority.email,
            website=authority.website,
            checked_on=authority.checked_on,
        ),
        sign_in=_sign_in(register.sign_in),
    )


def _sign_in(sign_in: SignIn | None) -> SignInV1 | None:
    if sign_in is None:
        return None
    return SignInV1(
        name=sign_in.name,
        issuer=sign_in.issuer,
        client_id=sign_in.client_id,
        client_authentication=sign_in.client_authentication,
        scopes=sign_in.scopes,
        acr_values=sign_in.acr_values,
        name_claim=sign_in.claims.name,
        email_claim=sign_in.claims.email,
        identifier_claims=sign_in.claims.identifiers,
    )
