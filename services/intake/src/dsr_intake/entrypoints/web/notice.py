"""The privacy notice: what holds now, since when, what changed, and every version before."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dsr_intake.domain.dates import plain_date
from dsr_intake.entrypoints.web.site import Site, Visitor
from dsr_shared.calendar import helsinki_date
from dsr_shared.contracts.notices import NoticePublishedV1, NoticeTextV1
from dsr_shared.contracts.words import Language

_MOST_DIGITS = 6


class NoticePages:
    """Public words: no token, no cookie, the same for everybody."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def newest(self, request: Request) -> Response:
        visitor = await self._site.visitor(request)
        notice = await self._site.notices.find(visitor.controller.id)
        if notice is None:
            lines = [visitor.t("notice.none.text", email=visitor.controller.email)]
            return self._site.act(visitor, "foot.notice", "notice.none.h1", lines, status_code=404)
        return await self._page(visitor, notice)

    async def older(self, request: Request) -> Response:
        """A version by its number; one that never was is a page that does not exist."""
        visitor = await self._site.visitor(request)
        number = request.path_params["version"]
        is_number = number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS
        notice = await self._site.notices.find(visitor.controller.id, int(number)) if is_number else None
        if notice is None:
            raise HTTPException(404)
        return await self._page(visitor, notice)

    async def _page(self, visitor: Visitor, notice: NoticePublishedV1) -> Response:
        controller, language = visitor.controller, visitor.language
        versions = await self._site.notices.versions(controller.id)
        spoken, text = _spoken(notice, language)
        days = [(one.version, plain_date(helsinki_date(one.published_at), language)) for one in versions]
        return self._site.pages.render(
            "notice.html",
            language=language,
            controller=controller,
            notice=notice,
            text=text,
            spoken=spoken,
            since=plain_date(helsinki_date(notice.published_at), language),
            versions=days,
            newest=versions[0].version,
        )


def _spoken(notice: NoticePublishedV1, language: Language) -> tuple[Language, NoticeTextV1]:
    """The text in the reader's language; an old version may lack a language that the company added later."""
    spoken = language if language in notice.texts else next(iter(notice.texts))
    return spoken, notice.texts[spoken]
