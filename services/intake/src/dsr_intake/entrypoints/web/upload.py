"""What a page with a file input brings: its fields, and its files sealed as they come."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request

from dsr_intake.domain.form_files import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES, FileTray
from dsr_intake.domain.request_form import FormError
from dsr_intake.entrypoints.web.multipart import Part, parts_of
from dsr_intake.handlers.form_files import FormFiles, Refused

MOST_SECONDS: Final = 300
"""A slower upload than this is given up, so that it keeps nobody else waiting."""
_MEBIBYTE: Final = 1024 * 1024
LIMITS: Final[Mapping[str, str]] = {
    "files": str(MAX_FILES),
    "each": str(MAX_FILE_BYTES // _MEBIBYTE),
    "together": str(MAX_TOTAL_BYTES // _MEBIBYTE),
}
"""The limits as the texts name them, in megabytes."""


@dataclass(slots=True)
class Brought:
    """What came with one post."""

    fields: dict[str, str] = field(default_factory=dict)
    tray: FileTray | None = None
    errors: list[FormError] = field(default_factory=list)
    has_new: bool = False
    file_hashes: list[str] = field(default_factory=list)
    """SHA-256 of each file that was stored, in hexadecimal."""


TrayOf = Callable[[Mapping[str, str]], Awaitable[FileTray | None]]
"""The tray for the files, from the fields that came before them; None where they are not to be kept."""


async def take(request: Request, files: FormFiles, controller_id: str, tray_of: TrayOf) -> Brought:
    """Read a posted page to its end; each file is stored, or its refusal stands among the errors."""
    brought = Brought()
    async with files.turns, asyncio.timeout(MOST_SECONDS):
        async for part in parts_of(request):
            if part.file_name is None:
                brought.fields.setdefault(part.name, part.text)
            elif part.file_name or part.length:
                await _take_file(brought, part, files, controller_id, tray_of)
    return brought


async def _take_file(brought: Brought, part: Part, files: FormFiles, controller_id: str, tray_of: TrayOf) -> None:
    if brought.tray is None:
        brought.tray = await tray_of(brought.fields)
        if brought.tray is None:
            return
    name = part.file_name or ""
    problem = brought.tray.problem_with(part.length)
    if problem is None:
        added = await files.add(controller_id, brought.tray, name, bytes(part.data))
        if not isinstance(added, Refused):
            brought.tray, brought.has_new = added, True
            brought.file_hashes.append(hashlib.sha256(part.data).hexdigest())
            return
        problem = added.problem
    shown = {"name": "".join(sign for sign in name if sign.isprintable())[-80:], **LIMITS}
    brought.errors.append(FormError("file", f"error.file.{problem}", shown))
