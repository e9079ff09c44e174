"""Persons who ask for their data: they fill in the form, read their mail and open links, and try again when told to."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import httpx
from selectolax.lexbor import LexborHTMLParser
from tests.faults.town import CONTROLLER, Row, Town, until

from kuukausi.demo.post import Letter

_AGAIN_SECONDS = 0.5
_MAIL_SECONDS = 2.0
_AT_ONCE = 6


@dataclass
class Asker:
    """One person; `receipt` is the address of the page that said "received"."""

    name: str
    email: str
    receipt: str | None = None
    letters: list[Letter] = field(default_factory=list)
    verified: bool = False

    @property
    def mails(self) -> list[str]:
        """The Message-IDs of all mails in the mailbox; a repeated letter is there twice."""
        return [letter.message_id for letter in self.letters]

    @classmethod
    def of(cls, row: Row) -> "Asker":
        return cls(row[0], row[1])


class Crowd:
    """All of them, a few at once. What they do is repeated until it worked, as a person would do."""

    def __init__(self, town: Town, askers: Iterable[Asker], *, rights: tuple[str, ...] = ("access",)) -> None:
        self._town = town
        self.askers = list(askers)
        self._rights = rights
        self.tries = 0

    async def send_forms(self) -> None:
        """Return when every form was answered with its receipt."""
        await self._for_each(self.askers, self._send_form)

    async def prove_addresses(self) -> None:
        """Read the mail until everybody has the letter with the link, and open it."""
        await until(self._all_have_proved, _MAIL_SECONDS)

    async def _all_have_proved(self) -> bool:
        await self._for_each([asker for asker in self.askers if not asker.verified], self._look_and_prove)
        return all(asker.verified for asker in self.askers)

    async def read_mail(self) -> None:
        await self._for_each(self.askers, self._read)

    async def _for_each(self, askers: Iterable[Asker], act: "Callable[[httpx.AsyncClient, Asker], object]") -> None:
        queue = list(reversed(list(askers)))
        async with httpx.AsyncClient(follow_redirects=True, timeout=20) as client, asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(self._worker(client, queue, act))

    async def _worker(self, client: httpx.AsyncClient, queue: list[Asker], act: "Callable[..., object]") -> None:
        while queue:
            await act(client, queue.pop())  # type: ignore[misc]  # each act is a coroutine function

    async def _send_form(self, client: httpx.AsyncClient, asker: Asker) -> None:
        url = f"{self._town.form_url}/{CONTROLLER}/?lang=en"
        page = await self._insist(client, "GET", url, {})
        page = await self._insist(client, "POST", url, {**_hidden(page), "choice": list(self._rights)})
        who = {"whose": "self", "name": asker.name, "email": asker.email, "message": ""}
        page = await self._insist(client, "POST", url, {**_hidden(page), **who})
        answer = await self._insist(client, "POST", url, _hidden(page), is_done=lambda one: "/receipt/" in str(one.url))
        asker.receipt = str(answer.url)

    async def _look_and_prove(self, client: httpx.AsyncClient, asker: Asker) -> None:
        await self._read(client, asker)
        links = [letter.link("verify") for letter in asker.letters if "/verify/" in letter.text]
        if links:
            await self._insist(client, "GET", links[0], {}, is_done=_is_found)
            await self._insist(client, "POST", links[0], {}, is_done=_is_found)
            asker.verified = True

    async def _read(self, _client: httpx.AsyncClient, asker: Asker) -> None:
        asker.letters = await asyncio.to_thread(self._town.post.letters, asker.email)

    async def _insist(
        self,
        client: httpx.AsyncClient,
        method: str,
        url: str,
        fields: dict[str, object],
        is_done: Callable[[httpx.Response], bool] = lambda _: True,
    ) -> httpx.Response:
        """Press the button again while nobody answers, or the page says that nothing was received."""
        while True:
            self.tries += 1
            try:
                answer = await client.request(method, url, data=fields or None)
            except httpx.TransportError:
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            if answer.status_code < 500 and is_done(answer):
                return answer
            assert answer.status_code >= 500 or answer.status_code == 404, (answer.status_code, answer.text[:2000])
            await asyncio.sleep(_AGAIN_SECONDS)


def _is_found(page: httpx.Response) -> bool:
    """The letter may be here before the public web knows its link; a person tries again a little later."""
    return page.status_code == 200


def _hidden(page: httpx.Response) -> dict[str, object]:
    """The hidden fields of the form, as a browser sends them."""
    form = LexborHTMLParser(page.text).css_first("form#form")
    assert form is not None, page.text[:2000]
    found = {node.attributes["name"]: node.attributes.get("value") or "" for node in form.css("input[type=hidden]")}
    return {str(name): value for name, value in found.items()}
