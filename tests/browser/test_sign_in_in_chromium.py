"""Signing in, in Chromium: off to a provider on another site and back, also without JavaScript, on accessible pages."""

import socket
from collections.abc import Iterator

import pytest
import pytest_asyncio
from tests.browser.axe import LOOKS, scrolls_sideways, violations
from tests.browser.conftest import PublicWeb
from tests.browser.pictures import picture
from tests.connected.intake.builders import a_register, received
from tests.connected.intake.openid_provider import CLIENT_SECRET, OpenIdProvider
from tests.connected.intake.test_links import a_challenge
from tests.connected.intake.test_sign_in import a_case, sign_in_at

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="session")]
BUTTON = ".btn.second"
THANKS = {
    "fi": "Kiitos, olet tunnistautunut",
    "sv": "Tack, du har identifierat dig",
    "en": "Thank you, you have signed in",
}


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    """On `localhost`, which is another site than `127.0.0.1` for a browser."""
    with OpenIdProvider(socket.create_server(("127.0.0.1", 0)), "localhost").serving() as provider:
        yield provider


@pytest_asyncio.fixture(loop_scope="session")
async def token(public_web: PublicWeb, provider: OpenIdProvider) -> str:
    intake = public_web.intake
    directory = intake.settings.sign_in_secrets_directory
    assert directory is not None
    directory.mkdir(exist_ok=True)
    (directory / "esimerkki").write_text(CLIENT_SECRET)
    register = a_register("esimerkki", public_url=public_web.url, sign_in=sign_in_at(provider))
    async with intake.database.transaction("esimerkki") as connection:
        await intake.events.handlers()[type(register)](connection, received("esimerkki", register))
    intake.book._known.clear()
    return (await a_challenge(intake))[1]


@pytest.mark.parametrize("with_script", [True, False])
async def test_the_button_leads_to_the_provider_and_back(
    public_web: PublicWeb, provider: OpenIdProvider, context, token: str, with_script: bool
) -> None:
    page = await (await context(java_script_enabled=with_script)).new_page()
    await page.goto(f"{public_web.url}/esimerkki/verify/{token}?lang=fi")
    await page.click(BUTTON)
    await page.get_by_role("heading", name=THANKS["fi"]).wait_for()
    assert page.url == f"{public_web.url}/esimerkki/sign-in/thanks?lang=fi"
    assert [what for what, _ in provider.asked] == ["authorize", "token"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_page_of_it_is_accessible_and_fits_a_narrow_window(
    public_web: PublicWeb, provider: OpenIdProvider, context, token: str, language: str
) -> None:
    page = await (await context()).new_page()
    broken: list[str] = []
    status = await a_case(public_web.intake, "identifying")
    pages = {
        "link": f"verify/{token}",
        "status": f"status/{status}",
        "late": "sign-in/done",
        "thanks": "sign-in/thanks",
    }
    for name, path in pages.items():
        await page.goto(f"{public_web.url}/esimerkki/{path}?lang={language}")
        assert await page.locator("h1").count() == 1
        broken += await violations(page, f"{language} {path}", LOOKS[language])
        broken += filter(None, [await scrolls_sideways(page)])
        await picture(page, f"sign-in-{language}-{name}")
    provider.error = "access_denied"
    await page.goto(f"{public_web.url}/esimerkki/verify/{token}?lang={language}")
    await page.click(BUTTON)
    await page.locator(f"a[href='/esimerkki/verify/{token}?lang={language}']").wait_for()
    broken += await violations(page, f"{language} cancelled", LOOKS[language])
    await picture(page, f"sign-in-{language}-cancelled")
    assert broken == []
