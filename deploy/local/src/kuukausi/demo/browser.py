"""A browser without a screen: pages, their forms, and pressing buttons, nothing that a person could not do."""

import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

import httpx
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node

from kuukausi.errors import DemoFailed

_PATIENCE_SECONDS: Final = 30.0
_RELOAD_SECONDS: Final = 0.2


@dataclass(frozen=True)
class Page:
    """A page as it came."""

    url: str
    status: int
    html: HTMLParser

    @property
    def title(self) -> str:
        """The heading that a person reads first."""
        heading = self.html.css_first("h1") or self.html.css_first("title")
        return heading.text(strip=True) if heading else ""

    def text_of(self, selector: str) -> list[str]:
        """The texts of everything that the selector finds, white space folded."""
        return [" ".join(node.text(separator=" ").split()) for node in self.html.css(selector)]

    def form(self, selector: str = "form") -> "Form":
        """The first form that fits; raises `DemoFailed` where the page has none."""
        node = self.html.css_first(selector)
        if node is None:
            raise DemoFailed(
                f"the page “{self.title}” has no form {selector}",
                where=self.url,
                remedy="open the address in a browser to see what it says",
            )
        return Form(self.url, node)


@dataclass(frozen=True)
class Form:
    """A form with the values it was served with."""

    page_url: str
    node: Node

    @property
    def action(self) -> str:
        return str(urljoin(self.page_url, self.node.attributes.get("action") or self.page_url))

    def values(self) -> dict[str, str | list[str]]:
        """Hidden and prefilled fields; boxes that are ticked."""
        found: dict[str, str | list[str]] = {}
        for field in self.node.css("input, textarea"):
            name, kind = field.attributes.get("name"), field.attributes.get("type") or "text"
            is_off = kind in ("checkbox", "radio") and "checked" not in field.attributes
            if name and kind != "submit" and not is_off:
                found[name] = field.attributes.get("value") or ""
        return found


class Browser:
    """One person's browser, with its own cookies."""

    def __init__(self) -> None:
        self._client = httpx.Client(follow_redirects=True, timeout=30)

    def open(self, url: str) -> Page:
        return self._page(self._client.get(url))

    def open_form(self, url: str, selector: str = "form") -> Form:
        """Open a page and reload it, as a person would, until its form is there; raises `DemoFailed` where it never is.

        A letter can be quicker than the page that its link opens, which then asks for a moment's patience.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (page := self.open(url)).html.css_first(selector) is None and time.monotonic() < deadline:
            time.sleep(_RELOAD_SECONDS)
        return page.form(selector)

    def submit(self, form: Form, **fields: str | list[str]) -> Page:
        """Fill in the fields and press the button."""
        return self._page(self._client.post(form.action, data={**form.values(), **fields}))

    def download(self, form: Form, **fields: str) -> bytes:
        """Press a button that hands over a file."""
        response = self._client.post(form.action, data={**form.values(), **fields})
        if response.headers.get("content-type") != "application/zip":
            raise DemoFailed(
                f"instead of a package came the page “{self._page(response).title}”",
                where=form.action,
                remedy="open the link of the letter in a browser to see why",
            )
        return response.content

    def close(self) -> None:
        self._client.close()

    @staticmethod
    def _page(response: httpx.Response) -> Page:
        return Page(str(response.url), response.status_code, HTMLParser(response.text))
