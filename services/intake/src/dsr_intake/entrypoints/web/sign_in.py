"""Signing in at the controller's provider: off to it, back from it, and what to do where it did not work.

The pages say the same to everybody. What was proved is told to fulfilment; whether it fits is nobody's to see here.
"""

import logging
import re
from dataclasses import dataclass, replace
from typing import Final, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from dsr_intake.domain.sign_in import BrowserSecret, ProviderUnreachable, SignInError, SignInRefused
from dsr_intake.entrypoints.web.site import Site, Visitor, token_of
from dsr_intake.handlers.sign_in import LIFE_SECONDS, Way
from dsr_shared.contracts.controllers import SignInV1
from dsr_shared.contracts.words import Language
from dsr_shared.keys import KeyDestroyed

COOKIE: Final = "kuukausi_sign_in"
_KEPT: Final = re.compile(r"([A-Za-z0-9_-]{43})\.(fi|sv|en)\.(verify|status)\.([A-Za-z0-9_-]{43})")
_STATE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_CODE: Final = re.compile(r"[\x20-\x7e]{1,6000}")
_CACHED: Final = {"cache-control": "public, max-age=3600"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the browser kept in its cookie while it was away; every part of it is of a form that is safe in a link."""

    secret: BrowserSecret
    language: Language
    way: Way
    token: str

    @property
    def text(self) -> str:
        return f"{self.secret.text}.{self.language}.{self.way}.{self.token}"

    @classmethod
    def of(cls, request: Request) -> "Kept | None":
        match = _KEPT.fullmatch(request.cookies.get(COOKIE, ""))
        if match is None:
            return None
        return cls(BrowserSecret(match[1]), cast("Language", match[2]), cast("Way", match[3]), match[4])


class SignInPages:
    """Each page that does not go on says that nothing is lost, and which ways stay open."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def begin(self, request: Request) -> Response:
        visitor, token = await self._site.visitor(request), token_of(request)
        if await self._site.is_over_limit(visitor, "link"):
            return self._site.busy(visitor)
        way, sign_in = request.path_params["way"], self._offered(visitor)
        if way not in ("verify", "status") or sign_in is None:
            return self._site.wrong_link(visitor)
        try:
            begun = await self._site.sign_ins.begin(visitor.controller.id, sign_in, way, token, visitor.language)
        except ProviderUnreachable as error:
            return self._failed(visitor, error, f"/{visitor.controller.id}/{way}/{token}")
        if begun is None:
            return self._site.wrong_link(visitor)
        address, secret = begun
        answer = self._off(visitor, address)
        self._keep(answer, visitor, Kept(secret, visitor.language, way, token))
        return answer

    async def done(self, request: Request) -> Response:
        """Back from the provider."""
        kept = Kept.of(request)
        visitor = await self._site.visitor(request)
        if await self._site.is_over_limit(visitor, "link"):
            return self._site.busy(visitor)
        if kept is None:
            return self._failed(visitor, SignInRefused("state"), None)
        answer = await self._finish(request, replace(visitor, language=kept.language), kept)
        answer.delete_cookie(COOKIE, path=_path(visitor))
        return answer

    async def thanks(self, request: Request) -> Response:
        visitor = await self._site.visitor(request)
        return self._site.act(visitor, "sign_in.title", "sign_in.thanks.h1", [visitor.t("sign_in.thanks.text")])

    async def keys(self, request: Request) -> Response:
        """The public keys of this controller, for its provider (RFC 7517)."""
        visitor = await self._site.visitor(request)
        if await self._site.is_over_limit(visitor, "link"):
            return self._site.busy(visitor)
        keys = self._site.sign_ins.public_keys(visitor.controller.id, visitor.controller.register.sign_in)
        if keys is None:
            raise HTTPException(404)
        return JSONResponse(keys, media_type="application/jwk-set+json", headers=_CACHED)

    async def _finish(self, request: Request, visitor: Visitor, kept: Kept) -> Response:
        controller_id, back = visitor.controller.id, f"/{visitor.controller.id}/{kept.way}/{kept.token}"
        query, sign_in = request.query_params, self._offered(visitor)
        state, code = query.get("state", ""), query.get("code", "")
        begun = await self._site.sign_ins.take(controller_id, state, kept.secret) if _STATE.fullmatch(state) else None
        try:
            if begun is None or sign_in is None:
                raise SignInRefused("state")
            if "error" in query or not _CODE.fullmatch(code):
                raise SignInRefused("cancelled" if query.get("error") == "access_denied" else "provider_error")
            issuer = query.get("iss")
            await self._site.sign_ins.finish(controller_id, sign_in, begun, code, issuer)
        except SignInError as error:
            return self._failed(visitor, error, back)
        except KeyDestroyed:
            return self._site.wrong_link(visitor)
        return RedirectResponse(f"/{controller_id}/sign-in/thanks?lang={visitor.language}", 303)

    def _offered(self, visitor: Visitor) -> SignInV1 | None:
        sign_in = visitor.controller.register.sign_in
        return sign_in if self._site.sign_ins.is_offered(visitor.controller.id, sign_in) else None

    def _off(self, visitor: Visitor, address: str) -> Response:
        """A page that goes on by itself, and not a redirect: a form of ours may lead to ourselves alone (CSP), and a
        provider may send the browser on to others."""
        t = visitor.t
        lines = [t("sign_in.off.text")]
        page = self._site.act(
            visitor, "sign_in.title", "sign_in.off.h1", lines, link=address, link_text=t("sign_in.off.link")
        )
        page.headers["refresh"] = f"0; url={address}"
        return page

    def _keep(self, answer: Response, visitor: Visitor, kept: Kept) -> None:
        answer.set_cookie(
            COOKIE,
            kept.text,
            max_age=LIFE_SECONDS,
            path=_path(visitor),
            secure=self._site.is_https,
            httponly=True,
            samesite="lax",
        )

    def _failed(self, visitor: Visitor, error: SignInError, back: str | None) -> Response:
        """What to do now; `back` leads to the page where it began."""
        what, status_code = _page_of(error)
        if what != "cancelled":
            _log.warning("A sign-in did not work.", extra={"controller": visitor.controller.id, "why": str(error)})
        t = visitor.t
        return self._site.act(
            visitor,
            "sign_in.title",
            f"sign_in.{what}.h1",
            [t(f"sign_in.{what}.text"), t("sign_in.other_ways")],
            link=f"{back}?lang={visitor.language}" if back else None,
            link_text=t("sign_in.back"),
            status_code=status_code,
        )


def _page_of(error: SignInError) -> tuple[str, int]:
    if isinstance(error, ProviderUnreachable):
        return "down", 503
    if isinstance(error, SignInRefused) and error.reason == "cancelled":
        return "cancelled", 200
    return "refused", 400


def _path(visitor: Visitor) -> str:
    return f"/{visitor.controller.id}/sign-in"
