"""The record of processing (Art. 30(1)) for owners, to read and to hand over, and the versions of the notice."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dsr_fulfilment.adapters import notices
from dsr_fulfilment.entrypoints.console.desk_pages import Console
from dsr_fulfilment.entrypoints.console.session import Session
from dsr_fulfilment.handlers.publish_notices import notice_address
from dsr_fulfilment.register.model import Register
from dsr_fulfilment.register.notice.printing import record_csv, record_html
from dsr_fulfilment.register.notice.record import processing_record
from dsr_fulfilment.register.notice.remarks import remarks
from dsr_shared.contracts.words import Language

_LANGUAGES: dict[Language, str] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
_PRINTERS = {"csv": (record_csv, "text/csv"), "html": (record_html, "text/html")}


class RecordPages:
    """Owners alone: whoever decides what is processed answers for the record."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def routes(self) -> list[Route]:
        return [
            Route("/record", self.show),
            Route("/record.csv", self.download),
            Route("/record.html", self.download),
        ]

    async def show(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        if session.user.role != "owner":
            return self._console.may_not(session)
        register = self._register(session)
        async with self._console.tools.database.transaction(register.id) as conn:
            versions = await notices.versions(conn, register.id)
            frame = await self._console.frame(conn, session, "record")
        language = _language(request, register)
        return self._console.pages.render(
            "record.html",
            frame,
            record=processing_record(register, language),
            language=language,
            languages=[(one, _LANGUAGES[one]) for one in register.languages],
            remarks=[(one.what, one.remedy) for one in remarks(register)],
            versions=[(one, one.texts.get("en") or next(iter(one.texts.values()))) for one in versions],
            notice_url=notice_address(register, self._console.tools.intake_url),
        )

    async def download(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        if session.user.role != "owner":
            return self._console.may_not(session)
        register = self._register(session)
        language, kind = _language(request, register), request.url.path.rpartition(".")[2]
        printer, media_type = _PRINTERS[kind]
        text = printer(processing_record(register, language))
        name = f"{register.id}-record-{language}.{kind}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        # The mark at the start tells spreadsheets that the letters are UTF-8.
        body = text.encode("utf-8-sig" if kind == "csv" else "utf-8")
        return Response(body, media_type=media_type, headers=headers)

    def _register(self, session: Session) -> Register:
        return self._console.tools.registers.get(session.user.controller_id)


def _language(request: Request, register: Register) -> Language:
    """The asked language where the register has it; else English, the console's own; else the register's first."""
    wishes = (request.query_params.get("language"), "en")
    return next((one for wish in wishes for one in register.languages if one == wish), register.languages[0])
