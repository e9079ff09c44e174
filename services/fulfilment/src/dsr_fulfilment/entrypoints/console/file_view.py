"""Files that came with a message: how they are listed, and under which name they are handed out."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from dsr_fulfilment.adapters.messages import Attachment

_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/tiff": (".tif", ".tiff"),
    "image/heic": (".heic", ".heif"),
    "text/plain": (".txt",),
    "message/rfc822": (".eml",),
    "application/rtf": (".rtf",),
    "application/zip": (".zip",),
    "application/vnd.oasis.opendocument.text": (".odt",),
    "application/vnd.oasis.opendocument.spreadsheet": (".ods",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "application/x-ole-storage": (".doc", ".xls", ".ppt", ".msg"),
}
_OTHER: Final = ".bin"
_LONGEST: Final = 120


@dataclass(frozen=True)
class FileLine:
    """One file, with what its bytes are; `attachment_id` is None where it lies in the mail alone."""

    name: str
    what: str
    attachment_id: str | None


def file_lines(names: Sequence[str], files: Sequence[Attachment]) -> tuple[FileLine, ...]:
    """Files of one message in their order, then names of those that were left in the mail."""
    kept = tuple(
        FileLine(_name(names, file), f"{file.media_type}, {_size(file.blob.length)}", str(file.attachment_id))
        for file in files
    )
    return (*kept, *(FileLine(name, "left in the mail", None) for name in names[len(files) :]))


def _name(names: Sequence[str], file: Attachment) -> str:
    return names[file.position] if file.position < len(names) else f"file {file.position + 1}"


def _size(sealed_bytes: int) -> str:
    return f"{sealed_bytes / 1024 / 1024:.1f} MB" if sealed_bytes >= 1024 * 1024 else f"{sealed_bytes // 1024 + 1} kB"


def safe_name(name: str, media_type: str) -> str:
    """A name that no path, direction mark or false ending hides in: the ending is that of the bytes."""
    visible = "".join(sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign)[0] != "C")
    bare = visible.replace("\\", "/").rsplit("/", 1)[-1].strip(" .")[:_LONGEST] or "file"
    endings = _ENDINGS.get(media_type, (_OTHER,))
    return bare if bare.lower().endswith(endings) else bare + endings[0]


def disposition(name: str) -> str:
    """The Content-Disposition that saves the file and never shows it (RFC 6266)."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
