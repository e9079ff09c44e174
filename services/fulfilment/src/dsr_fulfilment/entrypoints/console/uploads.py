"""Forms with a file: read in memory alone, for what is uploaded must never lie on a disk in clear."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from dsr_fulfilment.entrypoints.console.forms import MAX_FIELDS, Posted
from dsr_shared.media_types import SCANS, media_type_of

MAX_FILE_BYTES: Final = 20 * 1024 * 1024
MAX_UPLOAD_BYTES: Final = MAX_FILE_BYTES + 256 * 1024
"""The file, and the fields around it."""
MAX_FIELD_BYTES: Final = 64 * 1024
MAX_NAME_CHARACTERS: Final = 120


@dataclass(frozen=True)
class Uploaded:
    """A file of a form; the browser's word for its type is not asked."""

    name: str
    data: bytes

    @property
    def media_type(self) -> str | None:
        """PDF, JPEG or PNG by the first bytes; None for anything else."""
        media_type = media_type_of(self.data)
        return media_type if media_type in SCANS else None


async def posted_with_file(request: Request, field: str) -> tuple[Posted, Uploaded | None]:
    """The fields, and the file of one of them where one was chosen."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(400, "This form came without its file part; open the page again.")
    parser = MultiPartParser(
        request.headers, request.stream(), max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES
    )
    parser.spool_max_size = MAX_UPLOAD_BYTES
    try:
        form = await parser.parse()
    except MultiPartException:
        raise HTTPException(400, "This form can’t be read; open the page again.") from None
    fields: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, []).append(value.replace("\x00", ""))
    file = form.get(field)
    uploaded = await _uploaded(file) if isinstance(file, UploadFile) else None
    await form.close()
    return Posted(fields), uploaded


async def _uploaded(file: UploadFile) -> Uploaded | None:
    data = await file.read()
    return Uploaded(_plain_name(file.filename or ""), data) if data or file.filename else None


def _plain_name(name: str) -> str:
    """The last part of a path, without what could break a header or a line."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable())[-MAX_NAME_CHARACTERS:] or "scan"
