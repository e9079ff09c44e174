"""Signing in at a provider as the Finnish Trust Network wants it, where intake shows who it is by keys of its own."""

import json
import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwe
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, RSAKey
from tests.connected.intake.builders import PUBLIC_URL
from tests.connected.intake.openid_provider import ACR, CLIENT_SECRET, Claims, OpenIdProvider
from tests.connected.intake.test_links import a_challenge, told
from tests.connected.intake.test_sign_in import (
    BUTTON,
    DOWN,
    is_sent_back,
    off,
    publish,
    shows,
    sign_in_at,
    signed_in,
    through,
)

from dsr_intake.bootstrap import Intake
from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints.web.app import build_app
from dsr_intake.entrypoints.web.site import make_site

pytestmark = pytest.mark.connected
OURS, OTHERS = (
    {use: RSAKey.generate_key(2048, {"use": use, "kid": f"{who}-{use}"}) for use in ("sig", "enc")}
    for who in ("ours", "others")
)
PRIVATE = ("d", "p", "q", "dp", "dq", "qi")
JWKS = "/esimerkki/sign-in/jwks.json"


def a_key_set(*keys: RSAKey) -> str:
    return json.dumps({"keys": [key.as_dict(private=True) for key in keys or OURS.values()]})


@pytest.fixture
def settings(settings: IntakeSettings, tmp_path: Path) -> IntakeSettings:
    (tmp_path / "sign-in").mkdir()
    return settings.model_copy(update={"sign_in_secrets_directory": tmp_path / "sign-in"})


@dataclass
class KeyFile:
    """What the operator keeps beside the client secrets."""

    path: Path

    def write(self, text: str, mode: int = 0o600) -> None:
        self.path.write_text(text)
        self.path.chmod(mode)

    def beside(self, name: str) -> "KeyFile":
        return KeyFile(self.path.with_name(name))

    def remove(self) -> None:
        self.path.unlink()


@pytest.fixture
def key_file(settings: IntakeSettings) -> KeyFile:
    assert settings.sign_in_secrets_directory is not None
    file = KeyFile(settings.sign_in_secrets_directory / "esimerkki.jwks")
    file.write(a_key_set())
    return file


@pytest.fixture
async def intake(intake: Intake, provider: OpenIdProvider, key_file: KeyFile) -> Intake:
    for controller_id in ("esimerkki", "toinen"):
        await publish(intake, controller_id, sign_in_at(provider, client_authentication="private_key_jwt"))
    return intake


@pytest.fixture
async def browser(browser: httpx.AsyncClient, provider: OpenIdProvider) -> httpx.AsyncClient:
    """A browser, after the provider has read our keys."""
    provider.client_keys = (await browser.get(JWKS)).json()
    return browser


async def test_the_public_keys_stand_at_an_address_and_no_private_part_does(browser: httpx.AsyncClient) -> None:
    page = await browser.get(JWKS)
    assert (page.status_code, page.headers["content-type"]) == (200, "application/jwk-set+json")
    assert page.headers["cache-control"] == "public, max-age=3600"
    keys = page.json()["keys"]
    assert [(key["kid"], key["use"], key["kty"]) for key in keys] == [
        ("ours-sig", "sig", "RSA"),
        ("ours-enc", "enc", "RSA"),
    ]
    assert [set(key) for key in keys] == [{"kty", "n", "e", "kid", "use"}] * 2
    for key in OURS.values():
        assert not any(str(key.as_dict(private=True)[part]) in page.text for part in PRIVATE)


async def test_a_controller_without_keys_has_no_such_address(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    assert (await browser.get("/toinen/sign-in/jwks.json")).status_code == 404
    assert (await browser.get("/nobody/sign-in/jwks.json")).status_code == 404
    await publish(intake, "esimerkki", sign_in_at(provider))
    assert (await browser.get(JWKS)).status_code == 404


async def test_the_public_keys_are_read_no_oftener_than_links_are_tried(intake: Intake) -> None:
    transport = httpx.ASGITransport(build_app(make_site(intake), public_url=PUBLIC_URL), client=("10.1.2.3", 50000))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as neighbour:
        for _ in range(intake.settings.link_tries_an_hour):
            await intake.visits.is_too_many("esimerkki", "link", "10.1.2.3")
        answer = await neighbour.get(JWKS)
    assert answer.status_code == 429
    assert answer.headers["cache-control"] == "no-store"


async def test_a_sign_in_needs_no_client_secret(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    _, token = await a_challenge(intake)
    assert BUTTON in (await browser.get(f"/esimerkki/verify/{token}")).text
    assert (await through(browser, token)).status_code == 303
    assert await told(intake) == ["identity_proved"]
    [form] = [values for what, values in provider.asked if what == "token"]
    assert (form["authorization"], "client_secret" in form) == ("", False)


async def test_each_request_is_signed_anew_and_can_be_used_once(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    for _ in range(2):
        assert (await through(browser, (await a_challenge(intake))[1])).status_code == 303
    assert len(provider.token_ids) == 4
    [again, _] = [form for what, form in provider.asked if what == "token"]
    async with httpx.AsyncClient() as client:
        assert (await client.post(f"{provider.issuer}/token", data=again)).status_code == 500


async def test_what_the_browser_takes_along_is_signed_and_nothing_of_it_stands_in_clear(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    address = await off(browser, (await a_challenge(intake))[1])
    beside = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert set(beside) == {"response_type", "client_id", "scope", "request"}
    await signed_in(address)
    [(_, asked)] = provider.asked
    assert (asked["redirect_uri"], asked["acr_values"]) == (f"{PUBLIC_URL}/esimerkki/sign-in/done", ACR)
    assert (asked["code_challenge_method"], asked["prompt"], asked["ui_locales"]) == ("S256", "login", "fi")
    assert all(len(asked[name]) == 43 for name in ("state", "nonce", "code_challenge"))


async def test_a_request_of_another_is_not_taken(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider, key_file: KeyFile
) -> None:
    same_name = OTHERS["sig"].as_dict(private=True, kid="ours-sig")
    key_file.write(json.dumps({"keys": [same_name, OURS["enc"].as_dict(private=True)]}))
    async with httpx.AsyncClient() as client:
        answer = await client.get(await off(browser, (await a_challenge(intake))[1]))
    assert answer.status_code == 500
    assert provider.codes == {}


async def test_a_provider_that_does_not_take_the_key_proves_nothing(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider, key_file: KeyFile
) -> None:
    _, token = await a_challenge(intake)
    back = await signed_in(await off(browser, token))
    same_name = OTHERS["sig"].as_dict(private=True, kid="ours-sig")
    key_file.write(json.dumps({"keys": [same_name, OURS["enc"].as_dict(private=True)]}))
    shows(await browser.get(back), DOWN, token)
    assert await told(intake) == []


async def test_new_keys_count_at_once(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider, key_file: KeyFile
) -> None:
    key_file.write(a_key_set(*OTHERS.values(), OURS["enc"]))
    provider.client_keys = (await browser.get(JWKS)).json()
    assert [key["kid"] for key in provider.client_keys["keys"]] == ["others-sig", "others-enc", "ours-enc"]
    assert (await through(browser, (await a_challenge(intake))[1])).status_code == 303


@pytest.mark.parametrize("algorithm", ["RSA-OAEP", "RSA-OAEP-256"])
@pytest.mark.parametrize("encryption", ["A128GCM", "A256GCM", "A128CBC-HS256"])
@pytest.mark.parametrize("key_id", ["ours-enc", None])
async def test_an_id_token_that_is_encrypted_to_our_key_is_good(
    intake: Intake,
    browser: httpx.AsyncClient,
    provider: OpenIdProvider,
    algorithm: str,
    encryption: str,
    key_id: str | None,
) -> None:
    provider.encrypt = lambda token: provider.encrypted(token, alg=algorithm, enc=encryption, kid=key_id)
    assert (await through(browser, (await a_challenge(intake))[1])).status_code == 303
    assert await told(intake) == ["identity_proved"]


def altered(token: str, part: int) -> str:
    parts = token.split(".")
    parts[part] = parts[part][:-8] + ("BBBBBBBB" if parts[part].endswith("AAAAAAAA") else "AAAAAAAA")
    return ".".join(parts)


ENVELOPES: dict[str, Callable[[OpenIdProvider, str], str]] = {
    "no envelope": lambda _, token: token,
    "an envelope of another form": lambda _, token: json.dumps({"ciphertext": token}),
    "an envelope in an envelope": lambda provider, token: provider.encrypted(provider.encrypted(token)),
    "another's key under our key's name": lambda provider, token: provider.encrypted(token, OTHERS["enc"]),
    "another's key": lambda provider, token: provider.encrypted(token, OTHERS["enc"], kid="others-enc"),
    "the key to sign": lambda provider, token: provider.encrypted(
        token, RSAKey.import_key({**OURS["sig"].as_dict(private=False), "use": "enc"}), kid="ours-sig"
    ),
    "a name that is none": lambda provider, token: with_header(provider.encrypted(token), kid=7),
    "compressed": lambda provider, token: provider.encrypted(token, zip="DEF"),
    "compressed and grown": lambda provider, _: provider.encrypted("x" * 10_000_000, zip="DEF"),
    "RSA1_5": lambda provider, token: provider.encrypted(token, alg="RSA1_5"),
    "a key that both sides know": lambda provider, token: provider.encrypted(
        token, OctKey.import_key(b"k" * 16), alg="dir"
    ),
    "a key that both sides know, under our key's name": lambda provider, token: provider.encrypted(
        token, OctKey.import_key(b"k" * 16), alg="A128KW"
    ),
    "an algorithm for nothing": lambda provider, token: with_header(provider.encrypted(token), alg="none"),
    "no algorithm": lambda provider, token: with_header(provider.encrypted(token), alg=None),
    "a list of algorithms": lambda provider, token: with_header(provider.encrypted(token), alg=["RSA-OAEP"]),
    "a cipher that nobody needs": lambda provider, token: provider.encrypted(token, enc="A192GCM"),
    "a header that must be understood": lambda provider, token: provider.encrypted(token, crit=["x"], x="1"),
    "a header without end": lambda provider, token: provider.encrypted(token, x="x" * 100_000),
    "a token without end": lambda provider, token: provider.encrypted(token + "x" * 100_000),
    "altered key": lambda provider, token: altered(provider.encrypted(token), 1),
    "altered words": lambda provider, token: altered(provider.encrypted(token), 3),
    "altered mark": lambda provider, token: altered(provider.encrypted(token), 4),
    "a shorter mark": lambda provider, token: provider.encrypted(token)[:-8],
    "no mark": lambda provider, token: provider.encrypted(token).rsplit(".", 1)[0] + ".",
    "nothing in it": lambda provider, _: provider.encrypted(""),
    "other letters in it": lambda provider, _: provider.encrypted("ä.ä.ä"),
}


def with_header(token: str, **changes: Any) -> str:
    first, rest = token.split(".", 1)
    header = json.loads(urlsafe_b64decode(first + "=" * (-len(first) % 4))) | changes
    header = {name: value for name, value in header.items() if value is not None}
    return urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode() + "." + rest


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=ENVELOPES)
async def test_an_id_token_that_is_not_encrypted_to_our_key_as_it_must_be_proves_nothing(
    intake: Intake,
    browser: httpx.AsyncClient,
    provider: OpenIdProvider,
    envelope: Callable[[OpenIdProvider, str], str],
) -> None:
    provider.encrypt = lambda token: envelope(provider, token)
    await is_sent_back(intake, browser)
    assert await told(intake) == []


@pytest.mark.parametrize(
    "sign",
    [
        lambda provider, claims: provider.signed(claims, None, "none"),
        lambda provider, claims: provider.signed(claims, OTHERS["sig"]),
        lambda provider, claims: provider.signed_with_the_public_key(claims),
        lambda provider, claims: provider.signed(claims, OURS["sig"], kid="ours-sig"),
        lambda provider, claims: provider.signed(claims | {"nonce": "x" * 43}),
        lambda _, claims: json.dumps(claims),
    ],
    ids=["alg none", "another key", "the public key", "our own key", "another question", "no signature"],
)
async def test_to_encrypt_an_id_token_proves_nothing(
    intake: Intake,
    browser: httpx.AsyncClient,
    provider: OpenIdProvider,
    sign: Callable[[OpenIdProvider, Claims], str],
) -> None:
    provider.sign = lambda claims: sign(provider, claims)
    await is_sent_back(intake, browser)
    assert await told(intake) == []


async def test_where_a_client_secret_is_agreed_an_encrypted_id_token_is_none(
    intake: Intake, browser: httpx.AsyncClient, provider: OpenIdProvider, key_file: KeyFile
) -> None:
    await publish(intake, "esimerkki", sign_in_at(provider))
    key_file.beside("esimerkki").write(CLIENT_SECRET)
    provider.client_keys = None
    header = {"alg": "RSA-OAEP", "enc": "A128GCM"}
    provider.sign = lambda claims: jwe.encrypt_compact(header, provider.signed(claims), OURS["enc"])
    await is_sent_back(intake, browser)
    assert await told(intake) == []


def changed(which: str, **changes: Any) -> str:
    keys = [key.as_dict(private=True) | (changes if name == which else {}) for name, key in OURS.items()]
    return json.dumps({"keys": [{name: value for name, value in key.items() if value is not None} for key in keys]})


def beside_one_to_open(key: RSAKey | ECKey | OctKey) -> str:
    signing = key.as_dict(private=True, kid="x", use="sig")
    return json.dumps({"keys": [signing, OURS["enc"].as_dict(private=True)]})


def with_a_short_key() -> str:
    with pytest.warns(SecurityWarning):
        return beside_one_to_open(RSAKey.generate_key(1024))


BROKEN: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "a client secret": lambda: CLIENT_SECRET,
    "a PEM file": lambda: OURS["sig"].as_pem(private=True).decode(),
    "one key and no set": lambda: json.dumps(OURS["sig"].as_dict(private=True)),
    "no keys": lambda: json.dumps({"keys": []}),
    "words for keys": lambda: json.dumps({"keys": ["x", 7]}),
    "keys that are nested deeply": lambda: '{"keys":' + "[" * 60_000,
    "a key to sign alone": lambda: a_key_set(OURS["sig"]),
    "a key to open alone": lambda: a_key_set(OURS["enc"]),
    "the same key twice": lambda: json.dumps(
        {"keys": [OURS["sig"].as_dict(private=True), OURS["sig"].as_dict(private=True, use="enc", kid="x")]}
    ),
    "two keys of one name": lambda: changed("enc", kid="ours-sig"),
    "a key without a name": lambda: changed("sig", kid=None),
    "a key without a use": lambda: changed("enc", use=None),
    "a public key": lambda: json.dumps({"keys": [key.as_dict(private=False) for key in OURS.values()]}),
    "numbers that are no key": lambda: changed("sig", p=OTHERS["sig"].as_dict(private=True)["p"]),
    "numbers that are no numbers": lambda: changed("sig", n="ä"),
    "an EC key": lambda: beside_one_to_open(ECKey.generate_key("P-256")),
    "a secret for a key": lambda: beside_one_to_open(OctKey.generate_key(256)),
    "a short key": with_a_short_key,
    "a file without end": lambda: changed("sig", note="x" * 70_000),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_a_broken_key_file_offers_no_sign_in_and_is_told_once_without_what_it_holds(
    intake: Intake,
    browser: httpx.AsyncClient,
    key_file: KeyFile,
    broken: Callable[[], str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    _, token = await a_challenge(intake)
    key_file.write(broken())
    for _ in range(2):
        assert BUTTON not in (await browser.get(f"/esimerkki/verify/{token}")).text
    assert (await browser.post(f"/esimerkki/verify/{token}/sign-in")).status_code == 404
    assert (await browser.get(JWKS)).status_code == 404
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert (record.message, vars(record)["controller"]) == ("Nobody can sign in.", "esimerkki")
    said = caplog.text + str(vars(record))
    assert CLIENT_SECRET not in said
    assert not any(str(OURS["sig"].as_dict(private=True)[part]) in said for part in PRIVATE)


async def test_keys_that_others_may_change_or_that_are_not_there_offer_no_sign_in(
    intake: Intake, browser: httpx.AsyncClient, key_file: KeyFile, caplog: pytest.LogCaptureFixture
) -> None:
    _, token = await a_challenge(intake)
    key_file.write(a_key_set(), 0o444)
    assert BUTTON in (await browser.get(f"/esimerkki/verify/{token}")).text
    for mode in (0o664, 0o646):
        key_file.write(a_key_set(), mode)
        assert BUTTON not in (await browser.get(f"/esimerkki/verify/{token}")).text
    key_file.remove()
    assert BUTTON not in (await browser.get(f"/esimerkki/verify/{token}")).text
    why = [vars(record)["why"] for record in caplog.records if record.levelno == logging.ERROR]
    assert why == [
        f"others may change {key_file.path}; run: chmod go-w {key_file.path}",
        f"{key_file.path} cannot be read: No such file or directory",
    ]


async def test_keys_that_go_while_somebody_signs_in_lose_nothing(
    intake: Intake, browser: httpx.AsyncClient, key_file: KeyFile
) -> None:
    _, token = await a_challenge(intake)
    back = await signed_in(await off(browser, token))
    key_file.remove()
    page = await browser.get(back)
    assert page.status_code == 400
    assert await told(intake) == []
