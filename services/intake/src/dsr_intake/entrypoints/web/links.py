"""Pages behind a link from a letter: proving an address, and fetching the package."""

import re
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from dsr_intake.domain.dates import plain_date
from dsr_intake.entrypoints.web.form import ShownError
from dsr_intake.entrypoints.web.site import Site, Visitor, first_of, posted, token_of
from dsr_intake.handlers.links import NoCode, OfferedPackage, RightCode, WrongCode
from dsr_shared.calendar import helsinki_date
from dsr_shared.sealing import new_token

_CODE = re.compile(r"^\d{6}$")
CHUNK_BYTES = 64 * 1024


class VerifyPages:
    """A button, because programs that check mail open every link they see."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, request: Request) -> Response:
        visitor = await self._site.visitor(request)
        if await self._site.is_over_limit(visitor, "link"):
            return self._site.busy(visitor)
        challenge = await self._site.links.challenge(visitor.controller.id, token_of(request))
        if challenge is None or not (challenge["is_open"] or challenge["answered_at"]):
            return self._site.not_yet(request, visitor)
        if challenge["answered_at"]:
            return self._done(visitor)
        sign_in = self._site.sign_in_button(visitor)
        path = f"/{visitor.controller.id}/verify/{token_of(request)}/sign-in?lang={visitor.language}"
        return self._site.act(
            visitor,
            "verify.title",
            "verify.h1",
            [visitor.t("verify.text")],
            button=visitor.t("verify.button"),
            second_button=sign_in,
            second_action=path,
            after=[*([visitor.t("sign_in.hint")] if sign_in else []), visitor.t("verify.not_you")],
        )

    async def post(self, request: Request) -> Response:
        visitor = await self._site.visitor(request)
        if await self._site.is_over_limit(visitor, "link"):
            return self._site.busy(visitor)
        status_token = new_token()
        controller_id, token = visitor.controller.id, token_of(request)
        if await self._site.links.answer_challenge(controller_id, token, status_token):
            answer = RedirectResponse(f"/{controller_id}/status/{status_token}?lang={visitor.language}", 303)
            self._site.remember(answer, controller_id, status_token)
            return answer
        challenge = await self._site.links.challenge(controller_id, token)
        if challenge and challenge["answered_at"]:
            return self._done(visitor)
        return self._site.not_yet(request, visitor)

    def _done(self, visitor: Visitor) -> Response:
        return self._site.act(visitor, "verify.title", "verify.done.h1", [visitor.t("verify.done.text")])


class PackagePages:
    """Link, then a fresh code by mail, then the ZIP, opened in memory with the token of the link."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, request: Request) -> Response:
        visitor, package = await self._package(request)
        if package is None:
            return self._site.not_yet(request, visitor)
        t = visitor.t
        until = plain_date(helsinki_date(package.expires_at), visitor.language)
        lines = [t("package.text"), t("package.until", until=until)]
        return self._site.act(visitor, "package.title", "package.h1", lines, button=t("package.ask"))

    async def ask(self, request: Request) -> Response:
        visitor = await self._site.visitor(request)
        if await self._site.is_over_limit(visitor, "link"):
            return self._site.busy(visitor)
        token = token_of(request)
        asked = await self._site.links.ask_code(visitor.controller.id, token)
        if asked == "unknown_link":
            return self._site.wrong_link(visitor)
        if asked == "too_many":
            return self._code_page(visitor, token, str(visitor.t("package.error.asked")), 429)
        return RedirectResponse(f"/{visitor.controller.id}/package/{token}/code?lang={visitor.language}", 303)

    async def show_code(self, request: Request) -> Response:
        visitor, package = await self._package(request)
        return self._code_page(visitor, token_of(request)) if package else self._site.wrong_link(visitor)

    async def fetch(self, request: Request) -> Response:
        visitor = await self._site.visitor(request)
        if await self._site.is_over_limit(visitor, "link"):
            return self._site.busy(visitor)
        token = token_of(request)
        code = re.sub(r"[\s-]", "", first_of(await posted(request)).get("code", ""))
        if not _CODE.match(code):
            return self._code_page(visitor, token, str(visitor.t("package.error.format")), 422)
        match await self._site.links.try_code(visitor.controller.id, token, code):
            case None:
                return self._site.wrong_link(visitor)
            case NoCode():
                return self._code_page(visitor, token, str(visitor.t("package.error.none")), 422)
            case WrongCode(tries_left=left):
                return self._code_page(visitor, token, str(visitor.t("package.error.wrong", left=left)), 422)
            case RightCode(package=package):
                return await self._hand_over(visitor, package, token)

    async def _hand_over(self, visitor: Visitor, package: OfferedPackage, token: str) -> Response:
        content = await self._site.links.open_package(package, token)
        headers = {
            "content-length": str(len(content)),
            "content-disposition": f'attachment; filename="{visitor.controller.id}.zip"',
        }
        body = self._body(visitor.controller.id, package, content)
        return StreamingResponse(body, media_type="application/zip", headers=headers)

    async def _body(self, controller_id: str, package: OfferedPackage, content: bytes) -> AsyncIterator[bytes]:
        """Chunk by chunk; asking for more after the last one means that all of it was handed over."""
        for start in range(0, len(content), CHUNK_BYTES):
            yield content[start : start + CHUNK_BYTES]
        await self._site.links.record_download(controller_id, package)

    async def _package(self, request: Request) -> tuple[Visitor, OfferedPackage | None]:
        visitor = await self._site.visitor(request)
        return visitor, await self._site.links.package(visitor.controller.id, token_of(request))

    def _code_page(self, visitor: Visitor, token: str, error: str = "", status_code: int = 200) -> Response:
        t, base = visitor.t, f"/{visitor.controller.id}/package/{token}"
        language = f"?lang={visitor.language}"
        return self._site.act(
            visitor,
            "package.title",
            "package.code.h1",
            [t("package.code.text")],
            action=f"{base}/code{language}",
            asks_code=True,
            button=t("package.fetch"),
            second_button=t("package.ask_again"),
            second_action=f"{base}{language}",
            errors=[ShownError("code", error)] if error else [],
            status_code=status_code,
        )
