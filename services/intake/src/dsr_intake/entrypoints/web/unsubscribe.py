"""One-click unsubscribe (RFC 8058): a POST without cookie, form token or question; for people, one button."""

from datetime import UTC, datetime
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dsr_intake.adapters.unsubscribe_token import FIELD, ONE_CLICK, TokenForged
from dsr_intake.entrypoints.web.site import Site, Visitor
from dsr_shared.calendar import helsinki_date

_MOST_FIELDS: Final = 10


class UnsubscribePages:
    """Both answers are the same whoever the address belongs to."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, request: Request) -> Response:
        visitor = await self._site.visitor(request)
        address = self._address(request, visitor)
        return self._site.wrong_link(visitor) if address is None else self._question(visitor)

    async def post(self, request: Request) -> Response:
        visitor = await self._site.visitor(request)
        address = self._address(request, visitor)
        if address is None:
            return self._site.wrong_link(visitor)
        if not await _is_one_click(request):
            return self._question(visitor, status_code=422)
        today = helsinki_date(datetime.now(UTC))
        await self._site.unsubscribe(visitor.controller.id, address, visitor.language, today)
        lines = [visitor.t("unsubscribe.done.text")]
        return self._site.act(visitor, "unsubscribe.done.title", "unsubscribe.done.h1", lines)

    def _address(self, request: Request, visitor: Visitor) -> str | None:
        """Not limited: a mail provider posts for many people from one address, and a token cannot be guessed."""
        try:
            return self._site.tokens.open(visitor.controller.id, request.path_params["token"])
        except TokenForged:
            return None

    def _question(self, visitor: Visitor, status_code: int = 200) -> Response:
        return self._site.pages.render(
            "unsubscribe.html", language=visitor.language, controller=visitor.controller, status_code=status_code
        )


async def _is_one_click(request: Request) -> bool:
    try:
        async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
            return form.get(FIELD) == ONE_CLICK
    except HTTPException:
        return False


def unsubscribe_routes(site: Site) -> list[Route]:
    pages = UnsubscribePages(site)
    path = "/{controller}/unsubscribe/{token}"
    return [Route(path, pages.show, methods=["GET"]), Route(path, pages.post, methods=["POST"])]
