"""A browser without a screen: it knows pages, forms with their hidden fields, and cookies."""

from dataclasses import dataclass
from typing import Any

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass
class Form:
    action: str
    fields: dict[str, Any]


@dataclass
class Page:
    status: int
    path: str
    html: LexborHTMLParser
    headers: httpx.Headers

    @property
    def title(self) -> str:
        return self.html.css_first("title").text()

    @property
    def text(self) -> str:
        return " ".join(self.html.css_first("main").text(separator=" ").split())

    def texts(self, selector: str) -> list[str]:
        return [" ".join(node.text(separator=" ").split()) for node in self.html.css(selector)]

    def has(self, selector: str) -> bool:
        return self.html.css_first(selector) is not None

    def form(self, selector: str) -> Form:
        node = self.html.css_first(selector)
        assert node is not None, f"no form {selector} on {self.path}: {self.text[:400]}"
        return Form(node.attributes["action"] or self.path, _fields(node))

    @property
    def errors(self) -> list[str]:
        return self.texts(".errors li")


def _fields(form: LexborNode) -> dict[str, Any]:
    return {
        node.attributes["name"]: node.attributes.get("value") or ""
        for node in form.css("input[type=hidden]")
        if node.attributes.get("name")
    }


@dataclass
class Browser:
    client: httpx.AsyncClient

    @classmethod
    def on(cls, app: Any, url: str) -> "Browser":
        return cls(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url, follow_redirects=True))

    async def open(self, path: str, **options: Any) -> Page:
        return _page(await self.client.get(path, **options))

    async def upload(self, form: Form, scan: tuple[str, bytes, str] | None = None, **fields: Any) -> Page:
        """Send a form that has a file part; without a file the part is empty, as browsers send it."""
        file = scan or ("", b"", "application/octet-stream")
        return _page(await self.client.post(form.action, data={**form.fields, **fields}, files={"scan": file}))

    async def submit(self, form: Form, **fields: Any) -> Page:
        return _page(await self.client.post(form.action, data={**form.fields, **fields}))

    async def sign_in(self, controller: str, name: str, password: str) -> Page:
        page = await self.open("/sign-in")
        return await self.submit(page.form("#sign-in"), controller=controller, name=name, password=password)

    async def close(self) -> None:
        await self.client.aclose()


def _page(response: httpx.Response) -> Page:
    return Page(response.status_code, response.url.path, LexborHTMLParser(response.text), response.headers)
