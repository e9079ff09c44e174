"""Signing in: one account a person, counted tries, sessions that end, and forms that only our pages can send."""

import httpx
import pytest
from argon2 import PasswordHasher
from tests.connected.console.conftest import PASSWORD, QUICK

from dsr_fulfilment.adapters import accounts as rows
from dsr_fulfilment.entrypoints.console.app import console_app
from dsr_fulfilment.handlers.accounts import TRIES, Accounts, Locked, NameTaken, Refused, SignedIn, WeakPassword


@pytest.mark.promise("P36")
async def test_every_user_has_a_name_and_a_password_of_their_own(accounts, visitor):
    await accounts.add("esimerkki", "matti", PASSWORD, "handler")
    await accounts.add("toinen", "matti", "aivan toinen salasana", "owner")
    with pytest.raises(NameTaken):
        await accounts.add("esimerkki", "matti", PASSWORD, "owner")
    page = await visitor().sign_in("esimerkki", "matti", "aivan toinen salasana")
    assert page.status == 401
    page = await visitor().sign_in("toinen", "matti", "aivan toinen salasana")
    assert (page.status, page.path) == (200, "/")
    assert "Toinen Oy" in page.html.text()


async def test_without_a_session_every_page_leads_to_the_sign_in_and_back(visitor, accounts):
    await accounts.add("esimerkki", "matti", PASSWORD, "handler")
    browser = visitor()
    page = await browser.open("/tasks")
    assert page.path == "/sign-in"
    page = await browser.submit(page.form("#sign-in"), controller="esimerkki", name="matti", password=PASSWORD)
    assert page.path == "/tasks"


async def test_after_signing_in_one_is_led_to_pages_of_the_console_only(visitor, accounts):
    await accounts.add("esimerkki", "matti", PASSWORD, "handler")
    for elsewhere in ("//muualla.example/", "https://muualla.example/", "/\\muualla.example", "javascript:alert(1)"):
        browser = visitor()
        page = await browser.open("/sign-in", params={"next": elsewhere})
        page = await browser.submit(page.form("#sign-in"), controller="esimerkki", name="matti", password=PASSWORD)
        assert page.path == "/"


async def test_the_page_says_how_many_tries_are_left_and_locks_after_ten(visitor, accounts):
    await accounts.add("esimerkki", "matti", PASSWORD, "handler")
    browser = visitor()
    for left in range(TRIES - 1, 1, -1):
        page = await browser.sign_in("esimerkki", "matti", "arvaus")
        assert f"{left} tries are left" in page.text
    page = await browser.sign_in("esimerkki", "matti", "arvaus")
    assert "One try is left" in page.text
    page = await browser.sign_in("esimerkki", "matti", "arvaus")
    assert page.status == 429
    page = await browser.sign_in("esimerkki", "matti", PASSWORD)
    assert page.status == 429, "the right password waits too"
    await accounts.reset("esimerkki", "matti", PASSWORD + " uusi")
    page = await browser.sign_in("esimerkki", "matti", PASSWORD + " uusi")
    assert page.path == "/"


async def test_the_tenth_try_may_still_be_the_right_one(accounts):
    await accounts.add("esimerkki", "matti", PASSWORD, "handler")
    for _ in range(TRIES - 1):
        assert isinstance(await accounts.sign_in("esimerkki", "matti", "arvaus"), Refused)
    assert isinstance(await accounts.sign_in("esimerkki", "matti", PASSWORD), SignedIn)
    assert await accounts.sign_in("esimerkki", "matti", "arvaus") == Refused(TRIES - 1)


async def test_names_that_nobody_has_are_counted_and_locked_alike(accounts, visitor):
    await accounts.add("esimerkki", "matti", PASSWORD, "handler")
    browser = visitor()
    for _ in range(TRIES + 1):
        real = await browser.sign_in("esimerkki", "matti", "arvaus")
        unknown = await browser.sign_in("esimerkki", "maija", "arvaus")
        elsewhere = await browser.sign_in("ei-mitään", "matti", "arvaus")
        assert real.status == unknown.status == elsewhere.status
        assert real.errors[0][:60] == unknown.errors[0][:60] == elsewhere.errors[0][:60]


async def test_a_lock_ends_after_a_quarter_of_an_hour(accounts, fulfilment):
    await accounts.add("esimerkki", "matti", PASSWORD, "handler")
    for _ in range(TRIES):
        result = await accounts.sign_in("esimerkki", "matti", "arvaus")
    assert isinstance(result, Locked)
    async with fulfilment.tools.database.across_controllers() as conn:
        await conn.execute("update sign_in_attempts set locked_until = now() - interval '1 second'")
    assert isinstance(await accounts.sign_in("esimerkki", "matti", PASSWORD), SignedIn)


async def test_a_disabled_user_is_out_at_once(signed_in, accounts, visitor):
    matti = await signed_in()
    await accounts.disable("esimerkki", "matti")
    assert (await matti.open("/")).path == "/sign-in"
    assert (await visitor().sign_in("esimerkki", "matti", PASSWORD)).status == 401


@pytest.mark.parametrize(
    "change",
    ["last_seen_at = now() - interval '31 minutes'", "expires_at = now() - interval '1 second'"],
    ids=["idle", "too old"],
)
async def test_a_session_ends_when_idle_for_half_an_hour_and_after_twelve_hours(signed_in, fulfilment, change):
    matti = await signed_in()
    assert (await matti.open("/")).path == "/"
    async with fulfilment.tools.database.across_controllers() as conn:
        await conn.execute(f"update console_sessions set {change}")
    assert (await matti.open("/")).path == "/sign-in"


async def test_signing_in_again_changes_the_cookie_and_ends_the_old_session(signed_in, accounts):
    matti = await signed_in()
    before = matti.client.cookies["kuukausi"]
    await matti.sign_in("esimerkki", "matti", PASSWORD)
    assert matti.client.cookies["kuukausi"] != before
    assert await accounts.user_of(before) is None


async def test_signing_out_ends_the_session_in_the_database(signed_in, accounts):
    matti = await signed_in()
    token, page = matti.client.cookies["kuukausi"], await matti.open("/")
    page = await matti.submit(page.form("form[action='/sign-out']"))
    assert page.path == "/sign-in"
    assert await accounts.user_of(token) is None


async def test_only_hashes_of_passwords_and_of_cookies_are_kept(signed_in, fulfilment):
    matti = await signed_in()
    async with fulfilment.tools.database.across_controllers() as conn:
        stored = await conn.fetchval("select token_hash from console_sessions")
        hashed = await conn.fetchval("select password_hash from users")
    assert stored != matti.client.cookies["kuukausi"]
    assert hashed.startswith("$argon2id$")
    assert PASSWORD not in hashed


async def test_the_cookie_is_bound_to_the_host_and_sent_over_https_only(fulfilment, settings, accounts):
    await accounts.add("esimerkki", "matti", PASSWORD, "handler")
    secure = settings.model_copy(update={"console_url": "https://tyot.esimerkki.example"})
    transport = httpx.ASGITransport(console_app(fulfilment.tools, secure, accounts))
    async with httpx.AsyncClient(transport=transport, base_url=secure.console_url) as client:
        fields = {"controller": "esimerkki", "name": "matti", "password": PASSWORD}
        response = await client.post("/sign-in", data=fields)
        cookie = response.headers["set-cookie"]
        assert cookie.startswith("__Host-kuukausi=")
        assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"))
        assert "max-age=" in response.headers["strict-transport-security"]
        assert (await client.get("/")).status_code == 200


async def test_every_answer_carries_the_strict_headers(signed_in, visitor):
    matti = await signed_in()
    for page in (await matti.open("/"), await matti.open("/ei-ole"), await visitor().open("/sign-in")):
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["cache-control"] == "no-store"
        assert not page.has("script, style, [style]")


async def test_the_console_answers_under_its_own_name_only(visitor):
    page = await visitor().client.get("/sign-in", headers={"host": "muualla.example"})
    assert page.status_code == 421


async def test_a_form_from_another_site_or_without_the_sessions_mark_does_nothing(signed_in, accounts):
    matti, page = await signed_in(), None
    token = matti.client.cookies["kuukausi"]
    for headers, fields in (
        ({"origin": "https://muualla.example"}, {"form_token": accounts.form_token(token)}),
        ({"sec-fetch-site": "cross-site"}, {"form_token": accounts.form_token(token)}),
        ({}, {}),
        ({}, {"form_token": "0" * 64}),
    ):
        page = await matti.client.post("/sign-out", data=fields, headers=headers)
        assert page.status_code == 403
    assert await accounts.user_of(token) is not None


@pytest.mark.parametrize("password", ["lyhyt", "matti-matikainen", "x" * 257])
async def test_weak_passwords_are_refused_where_they_are_set(accounts, password):
    with pytest.raises(WeakPassword):
        await accounts.add("esimerkki", "Matti-Matikainen", password, "reader")


async def test_a_hash_of_older_settings_is_renewed_at_the_next_sign_in(fulfilment, accounts):
    await accounts.add("esimerkki", "matti", PASSWORD, "reader")
    stricter = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    tools = fulfilment.tools
    assert isinstance(
        await Accounts(tools.database, tools.ring, stricter).sign_in("esimerkki", "matti", PASSWORD), SignedIn
    )
    async with tools.database.across_controllers() as conn:
        account = await rows.find_user(conn, "esimerkki", "matti")
    assert account is not None
    assert not stricter.check_needs_rehash(account.password_hash)
    assert QUICK.check_needs_rehash(account.password_hash)
