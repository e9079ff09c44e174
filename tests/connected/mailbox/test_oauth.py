"""Mailboxes that take tokens instead of passwords: a real token endpoint, and a Dovecot that asks it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.connected.mailbox.dovecot import Account, Dovecot
from tests.connected.mailbox.reading_mail import FakeStore, reading, until
from tests.connected.mailbox.sasl_server import SaslServer
from tests.connected.mailbox.token_endpoint import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, TokenEndpoint

from dsr_intake.adapters.imap_wire import MailboxUnreachableError
from dsr_intake.adapters.mailboxes import MailboxSettings, OAuthSettings
from dsr_intake.adapters.oauth import TokenSource
from dsr_intake.entrypoints import mailbox as entrypoint
from dsr_intake.entrypoints.mailbox import MailboxReader, Patience

pytestmark = pytest.mark.connected
QUICK = Patience(0.05, 0.2, 0.2, 0.4)
SECRETS = ("canary", CLIENT_SECRET, REFRESH_TOKEN)
MAIL = b"Subject: by token\r\n\r\nHei\r\n"


@pytest.fixture
def account(dovecot: Dovecot, token_endpoint: TokenEndpoint) -> Account:
    account = dovecot.add_user()
    token_endpoint.reset(account.address)
    return account


@pytest.fixture
def provider(token_endpoint: TokenEndpoint) -> TokenEndpoint:
    token_endpoint.reset("privacy@company.example")
    return token_endpoint


@pytest.fixture(autouse=True)
def no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert not any(secret in caplog.text for secret in SECRETS)


def oauth(
    provider: TokenEndpoint, directory: Path, flow: str = "client_credentials", **changes: object
) -> dict[str, object]:
    secret, refresh = directory / "client_secret", directory / "refresh_token"
    secret.write_text(CLIENT_SECRET + "\n")
    if not refresh.exists():
        refresh.write_text(REFRESH_TOKEN + "\n")
    values = {
        "flow": flow,
        "token_endpoint": provider.url,
        "client_id": CLIENT_ID,
        "client_secret_file": str(secret),
        "scope": "https://outlook.office365.com/.default",
    }
    return values | ({"refresh_token_file": str(refresh)} if flow == "refresh_token" else {}) | changes


@pytest.mark.parametrize("flow", ["client_credentials", "refresh_token"])
async def test_dovecot_lets_the_token_of_each_flow_in(
    flow: str, account: Account, token_endpoint: TokenEndpoint, tmp_path: Path
) -> None:
    account.append(MAIL)
    store = FakeStore()
    settings = account.settings(password=None, oauth=oauth(token_endpoint, tmp_path, flow))
    async with reading(reader := MailboxReader(settings, store, patience=QUICK)):
        await until(lambda: reader.problem is None)
    assert set(store.arrivals) == {MAIL}
    assert [form["grant_type"] for form in token_endpoint.asked] == [flow]
    assert token_endpoint.asked[0]["scope"] == "https://outlook.office365.com/.default"


async def test_a_token_is_kept_over_connections_and_fetched_anew_once_when_it_is_refused(
    account: Account, token_endpoint: TokenEndpoint, tmp_path: Path
) -> None:
    store = FakeStore()
    settings = account.settings(password=None, oauth=oauth(token_endpoint, tmp_path), poll_seconds=600)
    async with reading(reader := MailboxReader(settings, store, patience=QUICK)):
        await until(lambda: reader.problem is None and account.is_idling())
        account.cut_connections()
        account.append(MAIL)
        await until(lambda: len(store.arrivals) == 1 and account.is_idling())
        assert len(token_endpoint.asked) == 1, "kept until shortly before it expires"
        token_endpoint.revoke_all()
        account.cut_connections()
        account.append(MAIL + b"again")
        await until(lambda: len(store.arrivals) == 2 and reader.problem is None)
    assert len(token_endpoint.asked) == 2


async def test_a_mailbox_that_the_token_may_not_enter_is_told_apart_from_a_refused_token(
    account: Account, token_endpoint: TokenEndpoint, tmp_path: Path
) -> None:
    token_endpoint.mailbox = "somebody-else@company.example"
    settings, reasons = account.settings(password=None, oauth=oauth(token_endpoint, tmp_path)), list[str]()
    reader = MailboxReader(settings, FakeStore(), patience=Patience(), count_failure=reasons.append)
    async with reading(reader):
        await until(lambda: reasons == ["mailbox_not_allowed"])
    assert "does not let it into this mailbox" in (reader.problem or "")
    assert len(token_endpoint.asked) == 1, "a token that is new is not fetched again"


REFUSALS = [
    (
        "invalid_client",
        "AADSTS7000222: The provided client secret keys are expired.",
        "client_secret_expired",
        "expired",
    ),
    ("invalid_client", "AADSTS7000215: Invalid client secret provided.", "client_refused", "client secret"),
    ("invalid_client", "", "client_refused", "client_secret_file"),
    ("unauthorized_client", "AADSTS700016: Application was not found.", "client_unknown", "tenant"),
    ("invalid_grant", "AADSTS65001: The user or administrator has not consented.", "consent_missing", "administrator"),
    ("invalid_grant", "Token has been expired or revoked.", "sign_in_expired", "refresh_token_file"),
    ("invalid_scope", "AADSTS1002012: The scope is not valid.", "scope_refused", "scope"),
    ("something_new", "canary person@company.example", "token_refused", "sign-in log"),
]


@pytest.mark.parametrize(("error", "description", "reason", "words"), REFUSALS)
async def test_a_refused_token_says_what_to_mend_and_none_of_the_providers_text(
    provider: TokenEndpoint, tmp_path: Path, error: str, description: str, reason: str, words: str
) -> None:
    provider.refusal = (error, description)
    async with SaslServer().serving() as server:
        settings = server.settings(oauth(provider, tmp_path))
        reasons: list[str] = []
        reader = MailboxReader(settings, FakeStore(), count_failure=reasons.append)
        async with reading(reader):
            await until(lambda: reasons == [reason])
    assert words in (reader.problem or "")
    assert "canary" not in (reader.problem or "")
    assert "@" not in (reader.problem or "")


async def test_a_new_secret_in_its_file_is_tried_at_once(
    account: Account, token_endpoint: TokenEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrypoint, "LOOK_FOR_NEW_SECRETS_SECONDS", 0.05)
    settings = account.settings(password=None, oauth=oauth(token_endpoint, tmp_path))
    (tmp_path / "client_secret").write_text("an old one")
    async with reading(reader := MailboxReader(settings, FakeStore(), patience=Patience())):
        await until(lambda: "client secret" in (reader.problem or ""))
        (tmp_path / "client_secret").write_text(CLIENT_SECRET)
        await until(lambda: reader.problem is None)


async def test_a_refresh_token_that_the_provider_replaces_is_kept_for_this_account_alone(
    provider: TokenEndpoint, tmp_path: Path
) -> None:
    provider.next_refresh_token = "canary-second-refresh-token"
    values = oauth(provider, tmp_path, "refresh_token")
    await TokenSource(OAuthSettings.model_validate(values)).token()
    path = tmp_path / "refresh_token"
    assert path.read_text().strip() == "canary-second-refresh-token"
    assert path.stat().st_mode & 0o777 == 0o600
    await TokenSource(OAuthSettings.model_validate(values)).token()
    assert [form["refresh_token"] for form in provider.asked] == [REFRESH_TOKEN, "canary-second-refresh-token"]


async def test_a_token_is_fetched_anew_shortly_before_it_expires(provider: TokenEndpoint, tmp_path: Path) -> None:
    now = [0.0]
    tokens = TokenSource(OAuthSettings.model_validate(oauth(provider, tmp_path)), clock=lambda: now[0])
    first = await tokens.token()
    now[0] = 3299
    assert await tokens.token() == first
    now[0] = 3300
    assert await tokens.token() != first


async def test_an_endpoint_that_is_away_or_overloaded_is_no_refusal(provider: TokenEndpoint, tmp_path: Path) -> None:
    provider.refusal, provider.status = ("temporarily_unavailable", ""), 503
    with pytest.raises(MailboxUnreachableError, match="503"):
        await TokenSource(OAuthSettings.model_validate(oauth(provider, tmp_path))).token()
    values = oauth(provider, tmp_path, token_endpoint="http://127.0.0.1:1/token")
    with pytest.raises(MailboxUnreachableError, match="cannot be reached"):
        await TokenSource(OAuthSettings.model_validate(values)).token()


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        ("AUTH=XOAUTH2 SASL-IR", "user=p@company.example\x01auth=Bearer TOKEN\x01\x01"),
        ("AUTH=XOAUTH2", "user=p@company.example\x01auth=Bearer TOKEN\x01\x01"),
        ("AUTH=OAUTHBEARER SASL-IR", "n,a=p@company.example,\x01auth=Bearer TOKEN\x01\x01"),
        ("AUTH=OAUTHBEARER", "n,a=p@company.example,\x01auth=Bearer TOKEN\x01\x01"),
    ],
)
async def test_the_response_is_what_the_mechanism_asks_for(
    provider: TokenEndpoint, tmp_path: Path, capabilities: str, expected: str
) -> None:
    async with SaslServer(capabilities).serving() as server:
        settings = server.settings(oauth(provider, tmp_path))
        async with reading(reader := MailboxReader(settings, FakeStore(), patience=QUICK)):
            await until(lambda: reader.problem is None)
        (token,) = provider.living
        assert server.responses == [expected.replace("TOKEN", token)]


@pytest.mark.parametrize(("mechanism", "closing"), [("XOAUTH2", ""), ("OAUTHBEARER", "AQ==")])
async def test_the_servers_word_of_refusal_is_answered_so_that_it_can_end_the_exchange(
    provider: TokenEndpoint, tmp_path: Path, mechanism: str, closing: str
) -> None:
    async with SaslServer(f"AUTH={mechanism} SASL-IR", refuses=True).serving() as server:
        settings, reasons = server.settings(oauth(provider, tmp_path)), list[str]()
        async with reading(MailboxReader(settings, FakeStore(), count_failure=reasons.append)):
            await until(lambda: reasons == ["mailbox_not_allowed"])
        assert server.closings == [closing]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"token_endpoint": "http://provider.example/token"}, "must begin with https://"),
        ({"client_secret_file": None}, "client_credentials needs client_secret_file"),
        ({"flow": "refresh_token"}, "refresh_token needs refresh_token_file"),
    ],
)
def test_what_is_wrong_with_the_settings_is_said(
    provider: TokenEndpoint, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        OAuthSettings.model_validate(oauth(provider, tmp_path) | changes)


def test_a_mailbox_has_one_way_to_sign_in(provider: TokenEndpoint, tmp_path: Path) -> None:
    values = {"controller_id": "acme", "host": "localhost", "port": 993, "username": "p@company.example"}
    with pytest.raises(ValueError, match="give one of password, password_file and oauth, not none"):
        MailboxSettings.model_validate(values)
    with pytest.raises(ValueError, match="not password and oauth"):
        MailboxSettings.model_validate(values | {"password": "x", "oauth": oauth(provider, tmp_path)})


async def test_without_the_secrets_file_the_setting_is_named(provider: TokenEndpoint, tmp_path: Path) -> None:
    values = oauth(provider, tmp_path) | {"client_secret_file": str(tmp_path / "missing")}
    async with (
        SaslServer().serving() as server,
        reading(reader := MailboxReader(server.settings(values), FakeStore())),
    ):
        await until(lambda: "client_secret_file" in (reader.problem or ""))
    assert "cannot be read" in (reader.problem or "")
