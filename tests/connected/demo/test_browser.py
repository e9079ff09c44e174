"""The demo's browser waits for a page as a person would, and says plainly what is missing when it never comes."""

import socket
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from tests.connected.in_a_thread import serving_in_a_thread

from kuukausi.demo import browser
from kuukausi.demo.browser import Browser
from kuukausi.errors import DemoFailed

MOMENT = "<h1>One moment</h1><form action=/search></form>"
READY = "<h1>Is it you?</h1><main><form action=/answer><input name=token value=t></form></main>"


class Site:
    """Shows the page that is asked for from its third visitor on."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.visits = 0

    async def page(self, _: Request) -> Response:
        self.visits += 1
        return HTMLResponse(READY if self.visits > 2 else MOMENT)


@pytest.fixture
def site() -> Iterator[Site]:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        served = Site(f"http://127.0.0.1:{sock.getsockname()[1]}/verify/x")
        with serving_in_a_thread([Route("/verify/x", served.page)], sock=sock):
            yield served


@pytest.fixture
def visitor() -> Iterator[Browser]:
    opened = Browser()
    yield opened
    opened.close()


def test_a_page_that_asks_for_a_moment_is_loaded_again(
    site: Site, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "_RELOAD_SECONDS", 0.01)
    form = visitor.open_form(site.url, "main form")
    assert (form.action, form.values()) == (site.url.replace("/verify/x", "/answer"), {"token": "t"})
    assert site.visits == 3


def test_a_form_that_never_comes_is_named_with_its_page(
    site: Site, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "_PATIENCE_SECONDS", 0.0)
    with pytest.raises(DemoFailed, match=r"One moment.*no form main form"):
        visitor.open_form(site.url, "main form")
