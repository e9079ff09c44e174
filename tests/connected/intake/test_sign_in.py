"""Signing in at the controller's provider: what is proved is told sealed, and attacks and failures prove nothing."""

import json
import re
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from joserfc.jwk import OctKey
from tests.connected.intake.builders import PUBLIC_URL, a_register, received, stage_changed
from tests.connected.intake.openid_provider import (
    ACR,
    CLIENT_ID,
    CLIENT_SECRET,
    EC_KEY,
    OTHER_RSA_KEY,
    RSA_KEY,
    Claims,
    OpenIdProvider,
)
from tests.connected.intake.test_links import a_challenge, tell, told
from uuid6 import uuid7

from dsr_intake.bootstrap import Intake
from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints.arrivals import NoiseCleaner
from dsr_intake.entrypoints.web.app import build_app
from dsr_intake.entrypoints.web.sign_in import COOKIE
from dsr_intake.entrypoints.web.site import make_site
from dsr_shared.contracts.base import Envelope
from dsr_shared.contracts.cases import CaseKeyDestroyedV1
from dsr_shared.contracts.controllers import SignInV1
from dsr_shared.contracts.requests import IdentityProvedV1
from dsr_shared.contracts.sealed import PersonV1
from dsr_shared.contracts.words import Stage
from dsr_shared.keyring import KeyRing
from dsr_shared.sealing import SealContext, hash_token, new_token, open_model

pytestmark = pytest.mark.connected
BUTTON = "Tunnistaudu pankkitunnuksilla"
REFUSED, CANCELLED, DOWN = (
    "Emme voineet hyväksyä tunnistautumista",
    "Et tunnistautunut",
    "Tunnistautuminen ei toimi juuri nyt",
)


@pytest.fixture
def settings(settings: IntakeSettings, tmp_path: Path) -> IntakeSettings:
    directory = tmp_path / "sign-in"
    directory.mkdir()
    for controller_id in ("esimerkki", "toinen"):
        (directory / controller_id).write_text(CLIENT_SECRET + "\n")
    return settings.model_copy(update={"sign_in_secrets_directory": directory})


@pytest.fixture
async def intake(intake: Intake, provider: OpenIdProvider) -> Intake:
    for controller_id in ("esimerkki", "toinen"):
        await publish(intake, controller_id, sign_in_at(provider))
    return intake


def sign_in_at(provider: OpenIdProvider, **changes: Any) -> SignInV1:
    values: dict[str, Any] = {
        "name": {"fi": BUTTON, "sv": "Identifiera dig med bankkoder", "en": "Identify yourself with bank codes"},
        "issuer": provider.issuer,
        "client_id": CLIENT_ID,
        "scopes": ("openid", "profile"),
        "acr_values": (ACR,),
        "name_claim": "name",
        "email_claim": "email",
        "identifier_claims": {"customer_number": "customer_no"},
    }
    return SignInV1(**{**values, **changes})


async def publish(intake: Intake, controller_id: str, sign_in: SignInV1 | None) -> None:
    register = a_register(controller_id, sign_in=sign_in)
    async with intake.database.transaction(controller_id) as connection:
        await intake.events.handlers()[type(register)](connection, received(controller_id, register))
    intake.book._known.clear()


@pytest.fixture
async def other_browser(intake: Intake) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_app(make_site(intake), public_url=PUBLIC_URL), client=("127.0.0.1", 50001))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        yield client


async def a_case(intake: Intake, stage: Stage) -> str:
    """A case with a status page; returns its token."""
    case_id, token = uuid7(), new_token()
    changed = stage_changed(stage, f"K-2026-{case_id.int % 10**6}", language="fi")
    await tell(intake, changed, case_id)
    async with intake.database.transaction("esimerkki") as connection:
        await connection.execute(
            "insert into status_links (token_hash, controller_id, case_id) values ($1, 'esimerkki', $2)",
            hash_token(token),
            case_id,
        )
    return token


async def off(browser: httpx.AsyncClient, token: str, way: str = "verify", controller_id: str = "esimerkki") -> str:
    """Press the button; returns where the page leads."""
    page = await browser.post(f"/{controller_id}/{way}/{token}/sign-in?lang=fi")
    assert page.status_code == 200, page.text
    address = page.headers["refresh"].removeprefix("0; url=")
    assert address in unescape(page.text)
    return address


async def signed_in(address: str) -> str:
    """What the browser does at the provider; returns the path that it comes back to."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(address)
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith(f"{PUBLIC_URL}/")
    return answer.headers["location"].removeprefix(PUBLIC_URL)


async def through(browser: httpx.AsyncClient, token: str, way: str = "verify") -> httpx.Response:
    return await browser.get(await signed_in(await off(browser, token, way)))


def shows(page: httpx.Response, heading: str, token: str | None, way: str = "verify") -> None:
    """The page says what happened, that nothing is lost, and leads back to where it began and nowhere else."""
    assert heading in page.text
    assert "pyyntösi on meillä tallessa" in page.text
    assert "avata linkin, jonka lähetimme sähköpostiisi" in page.text
    assert "tietosuoja@esimerkki.example" in page.text
    assert (f"/esimerkki/{way}/{token}?lang=fi" in page.text) is (token is not None)


async def proofs(intake: Intake, keys: KeyRing) -> list[tuple[UUID, IdentityProvedV1, PersonV1]]:
    """What fulfilment would read."""
    async with intake.database.across_controllers() as connection:
        rows = await connection.fetch(
            "select payload from outbox where event_type = 'identity_proved' order by sequence"
        )
    found = []
    for row in rows:
        envelope = Envelope.model_validate_json(row["payload"])
        event = IdentityProvedV1.model_validate(envelope.data)
        key = keys.unwrap(next(one for one in envelope.keys if one.reader == "fulfilment"))
        context = SealContext(envelope.event_id, "identity_proved", envelope.case_id, "person")
        found.append((envelope.case_id, event, open_model(key, event.person, context, PersonV1)))
    return found


async def test_a_sign_in_from_the_links_page_tells_the_verified_claims_sealed_and_nothing_else(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider, fulfilment_keys: KeyRing
) -> None:
    case_id, token = await a_challenge(intake)
    assert BUTTON in (await browser.get(f"/esimerkki/verify/{token}")).text
    provider.person = {"name": "Aino Esimerkki", "customer_no": 17, "email": "aino@posti.example", "hetu": "010101"}
    address = await off(browser, token)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["response_type"] == "code"
    assert (asked["code_challenge_method"], len(asked["code_challenge"])) == ("S256", 43)
    assert asked["redirect_uri"] == f"{PUBLIC_URL}/esimerkki/sign-in/done"
    assert (asked["acr_values"], asked["scope"], asked["ui_locales"]) == (ACR, "openid profile", "fi")
    answer = await browser.get(await signed_in(address))
    assert (answer.status_code, answer.headers["location"]) == (303, "/esimerkki/sign-in/thanks?lang=fi")
    assert "Kiitos, olet tunnistautunut" in (await browser.get(answer.headers["location"])).text
    [(told_case, event, person)] = await proofs(intake, fulfilment_keys)
    assert (told_case, event.issuer, event.acr) == (case_id, provider.issuer, ACR)
    assert person == PersonV1(name="Aino Esimerkki", identifiers={"customer_number": "17"})
    async with intake.database.across_controllers() as connection:
        kept = json.dumps([dict(row) for row in await connection.fetch("select * from sign_ins, outbox")], default=str)
    for clear in ("Aino", "010101", token, asked["state"], asked["nonce"], browser.cookies.get(COOKIE, "no cookie")):
        assert clear not in kept


async def test_an_address_counts_only_where_the_provider_checked_it(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider, fulfilment_keys: KeyRing
) -> None:
    provider.person = {"email": "aino@posti.example", "email_verified": True}
    await through(browser, (await a_challenge(intake))[1])
    provider.person = {"email": "toinen@posti.example", "email_verified": "true"}
    await through(browser, (await a_challenge(intake))[1])
    assert [person.email for _, _, person in await proofs(intake, fulfilment_keys)] == ["aino@posti.example", None]


async def test_the_status_page_offers_it_while_it_is_open_who_asks_and_asks_for_a_code_afterwards(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    token = await a_case(intake, "identifying")
    page = await browser.get(f"/esimerkki/status/{token}?lang=fi")
    assert BUTTON in page.text
    assert (await through(browser, token, "status")).status_code == 303
    page = await browser.get(f"/esimerkki/status/{token}?lang=fi")
    assert f"/esimerkki/status/{token}/ask" in page.text
    searched = await a_case(intake, "gathering")
    assert BUTTON not in (await browser.get(f"/esimerkki/status/{searched}?lang=fi")).text
    assert (await browser.post(f"/esimerkki/status/{searched}/sign-in")).status_code == 404


async def test_the_cookie_is_short_lived_and_for_these_pages_alone(intake: Intake, browser: httpx.AsyncClient) -> None:
    _, token = await a_challenge(intake)
    page = await browser.post(f"/esimerkki/verify/{token}/sign-in")
    cookie = page.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=lax", "Max-Age=600", "Path=/esimerkki/sign-in"):
        assert part in cookie
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "form-action 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(("key", "algorithm", "key_id"), [(EC_KEY, "ES256", "e1"), (RSA_KEY, "PS256", "r1")])
async def test_signatures_of_the_providers_other_keys_are_good_too(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider, key: Any, algorithm: str, key_id: str
) -> None:
    provider.sign = lambda claims: provider.signed(claims, key, algorithm, kid=key_id)
    assert (await through(browser, (await a_challenge(intake))[1])).status_code == 303


async def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    provider.says = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert (await through(browser, (await a_challenge(intake))[1])).status_code == 303
    [form] = [values for what, values in provider.asked if what == "token"]
    assert (form["client_secret"], form["authorization"]) == (CLIENT_SECRET, "")


HOUR = 3600
LIES: dict[str, Callable[[Claims], Claims]] = {
    "wrong nonce": lambda claims: claims | {"nonce": "x" * 43},
    "no nonce": lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
    "wrong audience": lambda claims: claims | {"aud": "somebody else"},
    "also another audience": lambda claims: claims | {"aud": [CLIENT_ID, "somebody else"]},
    "wrong party": lambda claims: claims | {"azp": "somebody else"},
    "wrong issuer": lambda claims: claims | {"iss": "https://evil.example"},
    "expired": lambda claims: claims | {"exp": int(time.time()) - HOUR},
    "of another time": lambda claims: claims | {"iat": int(time.time()) - HOUR, "exp": int(time.time()) + HOUR},
    "of the future": lambda claims: claims | {"iat": int(time.time()) + HOUR},
    "a time in words": lambda claims: claims | {"iat": "now"},
    "a time as text": lambda claims: claims | {"iat": str(int(time.time()))},
    "without an end": lambda claims: {name: value for name, value in claims.items() if name != "exp"},
    "a lower level": lambda claims: claims | {"acr": "http://ftn.ficora.fi/2017/loa1"},
    "no level": lambda claims: {name: value for name, value in claims.items() if name != "acr"},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
async def test_an_id_token_that_says_anything_else_proves_nothing(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider, lie: Callable[[Claims], Claims]
) -> None:
    provider.change = lie
    token = await is_sent_back(intake, browser)
    assert await told(intake) == []
    provider.change = lambda claims: claims
    assert (await through(browser, token)).status_code == 303


FORGERIES: dict[str, Callable[[OpenIdProvider, Claims], str]] = {
    "alg none": lambda provider, claims: provider.signed(claims, None, "none"),
    "HS256 with the public key": lambda provider, claims: provider.signed_with_the_public_key(claims),
    "HS256 with the client secret": lambda provider, claims: provider.signed(
        claims, OctKey.import_key(CLIENT_SECRET * 2), "HS256"
    ),
    "another key under the same name": lambda provider, claims: provider.signed(claims, OTHER_RSA_KEY),
    "a key that is not in the set": lambda provider, claims: provider.signed(claims, OTHER_RSA_KEY, kid="x"),
    "the EC key under the RSA key's name": lambda provider, claims: provider.signed(claims, EC_KEY, "ES256"),
    "a key that the token brings along": lambda provider, claims: provider.signed(
        claims, OTHER_RSA_KEY, jwk={"kty": "RSA"}, jku="https://evil.example/jwks"
    ),
    "a header that must be understood": lambda provider, claims: provider.signed(claims, crit=["x"], x=1),
    "a changed signature": lambda provider, claims: provider.signed(claims)[:-8] + "AAAAAAAA",
    "no token at all": lambda *_: "x.y",
}


async def is_sent_back(intake: Intake, browser: httpx.AsyncClient) -> str:
    """Whoever signs in now is told so, and led back; the token of the link, which stays good."""
    _, token = await a_challenge(intake)
    page = await through(browser, token)
    assert page.status_code == 400
    shows(page, REFUSED, token)
    return token


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
async def test_an_id_token_that_the_provider_did_not_sign_proves_nothing(
    intake: Intake,
    browser: httpx.AsyncClient,
    provider: OpenIdProvider,
    forge: Callable[[OpenIdProvider, Claims], str],
) -> None:
    provider.sign = lambda claims: forge(provider, claims)
    await is_sent_back(intake, browser)
    assert await told(intake) == []


async def test_an_answer_counts_once(intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider) -> None:
    _, token = await a_challenge(intake)
    back = await signed_in(await off(browser, token))
    cookie = browser.cookies[COOKIE]
    assert (await browser.get(back)).status_code == 303
    page = await browser.get(back)
    assert page.status_code == 400
    shows(page, REFUSED, None)
    page = await browser.get(back, headers={"cookie": f"{COOKIE}={cookie}"})
    assert page.status_code == 400
    shows(page, REFUSED, token)
    assert await told(intake) == ["identity_proved"]
    assert [what for what, _ in provider.asked] == ["authorize", "token"]


async def test_an_answer_in_another_browser_proves_nothing_and_spends_nothing(
    intake: Intake, browser: httpx.AsyncClient, other_browser: httpx.AsyncClient
) -> None:
    _, token = await a_challenge(intake)
    back = await signed_in(await off(browser, token))
    page = await other_browser.get(back)
    assert page.status_code == 400
    shows(page, REFUSED, None)
    _, other_token = await a_challenge(intake)
    await off(other_browser, other_token)
    shows(await other_browser.get(back), REFUSED, other_token)
    assert await told(intake) == []
    assert (await browser.get(back)).status_code == 303


async def test_a_code_of_another_sign_in_is_not_taken(
    intake: Intake, browser: httpx.AsyncClient, other_browser: httpx.AsyncClient
) -> None:
    """Somebody who puts his own code into the answer of another: nonce and verifier belong to the browser."""
    _, token = await a_challenge(intake)
    own = await signed_in(await off(other_browser, (await a_challenge(intake))[1]))
    back = await signed_in(await off(browser, token))
    mixed = re.sub(r"code=[^&]+", re.search(r"code=[^&]+", own)[0], back)  # type: ignore[index]
    shows(await browser.get(mixed), REFUSED, token)
    assert await told(intake) == []


async def test_ten_minutes_later_it_is_too_late(intake: Intake, browser: httpx.AsyncClient) -> None:
    _, token = await a_challenge(intake)
    back = await signed_in(await off(browser, token))
    async with intake.database.across_controllers() as connection:
        life = await connection.fetchval("select max(expires_at - now()) from sign_ins")
        assert 590 < life.total_seconds() <= 600
        await connection.execute("update sign_ins set expires_at = now()")
    shows(await browser.get(back), REFUSED, token)
    assert await told(intake) == []


async def test_a_case_of_another_controller_is_out_of_reach(intake: Intake, browser: httpx.AsyncClient) -> None:
    _, token = await a_challenge(intake)
    assert (await browser.post(f"/toinen/verify/{token}/sign-in")).status_code == 404
    back = await signed_in(await off(browser, token))
    cookie = browser.cookies[COOKIE]
    page = await browser.get(back.replace("/esimerkki/", "/toinen/"), headers={"cookie": f"{COOKIE}={cookie}"})
    assert page.status_code == 400
    assert await told(intake) == []
    assert (await browser.get(back)).status_code == 303


@pytest.mark.parametrize(
    "cookie",
    ["x", "a" * 43 + ".fi.verify.//evil.example/" + "a" * 28, "a" * 43 + ".fi.https.//evil", "a" * 43 + ".xx.verify."],
)
async def test_no_cookie_or_parameter_leads_anywhere_else(
    intake: Intake, browser: httpx.AsyncClient, cookie: str
) -> None:
    query = "?state=" + "a" * 43 + "&code=x&redirect_uri=https://evil.example&next=https://evil.example&lang=fi"
    page = await browser.get(f"/esimerkki/sign-in/done{query}", headers={"cookie": f"{COOKIE}={cookie}"})
    shows(page, REFUSED, None)
    assert "evil" not in page.text
    assert "location" not in page.headers


async def test_who_does_not_sign_in_after_all_is_told_what_else_there_is(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    provider.error = "access_denied"
    _, token = await a_challenge(intake)
    page = await through(browser, token)
    assert page.status_code == 200
    shows(page, CANCELLED, token)
    provider.error = "server_error"
    shows(await through(browser, token), REFUSED, token)
    assert await told(intake) == []
    assert (await browser.post(f"/esimerkki/verify/{token}")).status_code == 303


async def test_a_provider_that_is_down_loses_nothing(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    _, token = await a_challenge(intake)
    back = await signed_in(await off(browser, token))
    provider.is_down = True
    page = await browser.get(back)
    assert page.status_code == 503
    shows(page, DOWN, token)
    page = await browser.post(f"/esimerkki/verify/{token}/sign-in?lang=fi")
    assert page.status_code == 503
    shows(page, DOWN, token)
    provider.is_down = False
    assert (await through(browser, token)).status_code == 303


async def test_nothing_is_sent_anywhere_but_to_the_issuers_own_host(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider, other_provider: OpenIdProvider
) -> None:
    _, token = await a_challenge(intake)
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        for place in (f"{other_provider.issuer}/token", "https://evil.example/", "file:///etc/passwd", 7, None):
            provider.says = {name: place}
            page = await browser.post(f"/esimerkki/verify/{token}/sign-in?lang=fi")
            assert page.status_code == 503
    provider.says = {"issuer": other_provider.issuer}
    assert (await browser.post(f"/esimerkki/verify/{token}/sign-in")).status_code == 503
    assert other_provider.asked == provider.asked == []


@pytest.fixture
def other_provider() -> Iterator[OpenIdProvider]:
    with OpenIdProvider(socket.create_server(("127.0.0.1", 0))).serving() as provider:
        yield provider


async def test_an_answer_says_who_gave_it_where_the_provider_promises_that(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    _, token = await a_challenge(intake)
    provider.says = {"authorization_response_iss_parameter_supported": True}
    shows(await through(browser, token), REFUSED, token)
    back = await signed_in(await off(browser, token))
    shows(await browser.get(f"{back}&iss=https://evil.example"), REFUSED, token)
    back = await signed_in(await off(browser, token))
    assert (await browser.get(back, params={**_query(back), "iss": provider.issuer})).status_code == 303


def _query(path: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}


async def test_without_a_provider_a_secret_or_a_safe_address_nobody_is_offered_to_sign_in(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider, settings: IntakeSettings
) -> None:
    _, token = await a_challenge(intake)
    for sign_in in (None, sign_in_at(provider, issuer="http://login.example")):
        await publish(intake, "esimerkki", sign_in)
        assert BUTTON not in (await browser.get(f"/esimerkki/verify/{token}")).text
        assert (await browser.post(f"/esimerkki/verify/{token}/sign-in")).status_code == 404
    await publish(intake, "esimerkki", sign_in_at(provider))
    assert BUTTON in (await browser.get(f"/esimerkki/verify/{token}")).text
    assert settings.sign_in_secrets_directory is not None
    (settings.sign_in_secrets_directory / "esimerkki").write_text(" \n")
    assert BUTTON not in (await browser.get(f"/esimerkki/verify/{token}")).text
    assert provider.asked == []


async def test_another_site_cannot_begin_it(intake: Intake, browser: httpx.AsyncClient) -> None:
    _, token = await a_challenge(intake)
    headers = {"sec-fetch-site": "cross-site"}
    assert (await browser.post(f"/esimerkki/verify/{token}/sign-in", headers=headers)).status_code == 403


async def test_sign_ins_go_with_their_case_and_old_ones_by_themselves(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    case_id, token = await a_challenge(intake)
    back = await signed_in(await off(browser, token))
    await tell(intake, CaseKeyDestroyedV1(destroyed_at=datetime.now(UTC)), case_id)
    assert (await browser.get(back)).status_code == 400
    await off(browser, (await a_challenge(intake))[1])
    async with intake.database.across_controllers() as connection:
        assert await connection.fetchval("select count(*) from sign_ins") == 1
        await connection.execute("update sign_ins set expires_at = now() - interval '25 hours'")
    await NoiseCleaner(intake.database, intake.keys, intake.blobs).clean()
    async with intake.database.across_controllers() as connection:
        assert await connection.fetchval("select count(*) from sign_ins") == 0
