"""Handing out a file that came with a message: after a reason was given, on record, and never shown in the browser."""

from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dsr_fulfilment.adapters import messages
from dsr_fulfilment.adapters.messages import Attachment
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.entrypoints.console.desk_pages import Console
from dsr_fulfilment.entrypoints.console.file_view import disposition, safe_name
from dsr_fulfilment.handlers import attachments, looks
from dsr_shared.blobs import BlobError
from dsr_shared.keys import KeyDestroyed
from dsr_shared.postgres import Connection
from dsr_shared.web import SANDBOXED


class FilePages:
    """One file at a time, while its user may see the person's name and address."""

    def __init__(self, console: Console) -> None:
        self._console = console

    async def fetch(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        tools = self._console.tools
        async with tools.database.transaction(session.user.controller_id) as conn:
            case = await self._console.case(conn, request)
            file = await self._file(conn, case, request.path_params["attachment"])
            if await looks.shown_until(conn, case, session.user.name) is None:
                return RedirectResponse(f"/cases/{case.reference}#who", 303)
            try:
                opened = await attachments.hand_out(tools, conn, case, file, session.user.name)
            except (BlobError, KeyDestroyed):
                raise HTTPException(404) from None
        name = safe_name(opened.name, file.media_type)
        headers = {"content-disposition": disposition(name), "content-security-policy": SANDBOXED}
        return Response(opened.data, media_type="application/octet-stream", headers=headers)

    async def _file(self, conn: Connection, case: Case, attachment: str) -> Attachment:
        """The file of the address; one of another case or controller does not exist here."""
        try:
            attachment_id = UUID(attachment)
        except ValueError:
            raise HTTPException(404) from None
        file = await messages.attachment(conn, case.case_id, attachment_id)
        if file is None:
            raise HTTPException(404)
        return file
