"""What the pages share: the controller of a request, its words, its limits, and the answers that any page may need."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dsr_intake.adapters.api_keys import ApiKeys
from dsr_intake.adapters.controller_book import ControllerBook
from dsr_intake.adapters.form_seal import FormSeal
from dsr_intake.adapters.notice_book import NoticeBook
from dsr_intake.adapters.texts import Texts, load_texts
from dsr_intake.adapters.unsubscribe_token import UnsubscribeTokens
from dsr_intake.adapters.visits import Visit, VisitCounter
from dsr_intake.bootstrap import Intake
from dsr_intake.entrypoints.web.page import ControllerView, Pages, language_of
from dsr_intake.handlers.api_requests import ApiRequests
from dsr_intake.handlers.form_desk import FormDesk
from dsr_intake.handlers.form_files import FormFiles
from dsr_intake.handlers.links import Links
from dsr_intake.handlers.sign_in import SignIns
from dsr_intake.handlers.status_desk import SESSION_SECONDS, StatusDesk
from dsr_intake.handlers.submit_form import SubmitWithFiles
from dsr_intake.handlers.unsubscribe import Unsubscribe
from dsr_shared.contracts.words import Language
from dsr_shared.web import is_loopback

_CONTROLLER = re.compile(r"^[a-z][a-z0-9-]{1,39}$")
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{43}$")
MAX_FIELDS = 40
COOKIE: Final = "kuukausi_status"
LOOKS_AGAIN: Final = 3
"""How often a page looks again by itself for a link that is not known yet."""
LOOKS_AFTER_SECONDS: Final = 2


@dataclass(frozen=True, slots=True)
class Visitor:
    """One request's surroundings."""

    controller: ControllerView
    language: Language
    peer: str

    @property
    def t(self) -> Texts:
        return load_texts(self.language)


@dataclass(frozen=True, slots=True)
class Site:
    """The parts that the pages are made of."""

    pages: Pages
    book: ControllerBook
    notices: NoticeBook
    seal: FormSeal
    submit: FormDesk
    submit_with_files: SubmitWithFiles
    files: FormFiles
    links: Links
    sign_ins: SignIns
    desk: StatusDesk
    visits: VisitCounter
    api_keys: ApiKeys
    api: ApiRequests
    tokens: UnsubscribeTokens
    unsubscribe: Unsubscribe
    is_https: bool

    async def visitor(self, request: Request, *, in_frames: bool = False) -> Visitor:
        """Who is asked; an unknown controller is a page that does not exist.

        `in_frames`: the page may be shown in a frame by the origins that the controller's register names.
        """
        controller_id = request.path_params["controller"]
        register = await self.book.find(controller_id) if _CONTROLLER.match(controller_id) else None
        if register is None:
            raise HTTPException(404)
        if in_frames:
            request.scope["frame_origins"] = register.embed_origins
        view = ControllerView(controller_id, register)
        return Visitor(view, language_of(request, register), request.scope.get("peer", ""))

    def sign_in_button(self, visitor: Visitor) -> str | None:
        """What the button says that leads to the controller's provider; None where nobody can sign in."""
        sign_in = visitor.controller.register.sign_in
        if sign_in is None or not self.sign_ins.is_offered(visitor.controller.id, sign_in):
            return None
        return sign_in.name.get(visitor.language) or next(iter(sign_in.name.values()), None)

    async def is_over_limit(self, visitor: Visitor, what: Visit) -> bool:
        """Whether this network address did it too often; this machine itself is not counted."""
        if is_loopback(visitor.peer):
            return False
        return await self.visits.is_too_many(visitor.controller.id, what, visitor.peer)

    def act(self, visitor: Visitor, title: str, h1: str, lines: Sequence[str], **values: Any) -> HTMLResponse:
        """A page with one thing to say and at most one thing to do; title and heading are given by their keys."""
        return self.say(visitor.language, visitor.controller, title, h1, lines, **values)

    def say(
        self,
        language: Language,
        controller: ControllerView | None,
        title: str,
        h1: str,
        lines: Sequence[str],
        **values: Any,
    ) -> HTMLResponse:
        """The same page, also where no controller is known."""
        t = load_texts(language)
        defaults: dict[str, Any] = {
            "action": "",
            "button": None,
            "asks_code": False,
            "second_button": None,
            "second_action": "",
            "link": None,
            "link_text": "",
            "after": (),
            "status_code": 200,
        }
        return self.pages.render(
            "act.html",
            language=language,
            controller=controller,
            title=t(title),
            h1=t(h1),
            lines=lines,
            **{**defaults, **values},
        )

    def remember(self, answer: Response, controller_id: str, token: str) -> None:
        """A session on one status page that begins here and now: what the browser brought along counts for nothing."""
        answer.set_cookie(
            COOKIE,
            self.desk.session(token, time.time()),
            max_age=SESSION_SECONDS,
            path=f"/{controller_id}/status/{token}",
            secure=self.is_https,
            httponly=True,
            samesite="lax",
        )

    def is_remembered(self, request: Request, token: str) -> bool:
        return self.desk.is_session(token, request.cookies.get(COOKIE, ""), time.time())

    def busy(self, visitor: Visitor) -> Response:
        return self.act(visitor, "busy.title", "busy.h1", [visitor.t("busy.text")], status_code=429)

    def wrong_link(self, visitor: Visitor) -> Response:
        """The same words whether a link is unknown, expired or used."""
        return self.act(visitor, "link.wrong.title", "link.wrong.h1", [visitor.t("link.wrong.text")], status_code=404)

    def not_yet(self, request: Request, visitor: Visitor) -> Response:
        """A link that is not known. A letter can be quicker than what tells us of its link, so the page looks again a
        few times; it says the same whether the link will ever work, was used, or never was one."""
        looked = request.query_params.get("looked", "0")
        looks = int(looked) if looked in ("0", "1", "2", "3") else LOOKS_AGAIN
        if looks >= LOOKS_AGAIN or not _TOKEN.match(request.path_params["token"]):
            return self.wrong_link(visitor)
        again = f"?lang={visitor.language}&looked={looks + 1}"
        lines = [visitor.t("link.soon.text")]
        page = self.act(
            visitor,
            "link.soon.title",
            "link.soon.h1",
            lines,
            link=again,
            link_text=visitor.t("link.soon.again"),
            status_code=404,
        )
        page.headers["refresh"] = f"{LOOKS_AFTER_SECONDS}; url={request.url.path}{again}"
        return page


def make_site(intake: Intake) -> Site:
    return Site(
        pages=Pages(),
        book=intake.book,
        notices=intake.notices,
        seal=intake.seal,
        submit=intake.submit,
        submit_with_files=intake.submit_with_files,
        files=intake.files,
        links=intake.links,
        sign_ins=intake.sign_ins,
        desk=intake.status,
        visits=intake.visits,
        api_keys=intake.api_keys,
        api=intake.api,
        tokens=intake.tokens,
        unsubscribe=intake.unsubscribe,
        is_https=intake.settings.public_url.startswith("https://"),
    )


def token_of(request: Request) -> str:
    """The token of the address; one that cannot be ours is treated like an unknown one."""
    token: str = request.path_params["token"]
    return token if _TOKEN.match(token) else "-"


async def posted(request: Request) -> dict[str, list[str]]:
    """The fields of a posted form."""
    body = await request.body()
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise HTTPException(400, "This form has more fields than ours; open the page again.") from None
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def first_of(fields: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in fields.items()}
