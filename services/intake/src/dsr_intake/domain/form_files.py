"""Files that a person adds: how many and how large, what they are by their bytes, and names that are safe to show."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias
from uuid import UUID

from dsr_shared.media_types import SCANS, media_type_of

MAX_FILES: Final = 5
MAX_FILE_BYTES: Final = 10 * 1024 * 1024
MAX_TOTAL_BYTES: Final = 20 * 1024 * 1024
MAX_FILE_NAME: Final = 120
MAX_ZIP_ENTRIES: Final = 2000
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "text/plain": (".txt",),
    DOCX: (".docx",),
}
"""What is taken, and the endings that a name of it may have."""
_ZIP_ENTRY: Final = b"PK\x01\x02"
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_TAIL: Final = 65_557
"""The end of a ZIP and the longest comment after it."""
_WHITE: Final = frozenset(b"\t\n\f\r")
_RESERVED: Final = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
FileProblem: TypeAlias = Literal["too_many", "too_large", "too_large_together", "type", "empty"]


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file that lies sealed in the blob store; its name is known only to whoever holds the sealed form."""

    file_id: UUID
    name: str
    media_type: str
    length: int
    """Bytes of the file itself."""
    blob_name: str
    blob_length: int
    blob_sha256: str


@dataclass(frozen=True, slots=True)
class FileTray:
    """Files that wait to be sent with one message. The key is made with the tray and lies nowhere else."""

    tray_id: UUID
    case_id: UUID
    secret: str
    """The data key's 32 bytes in hexadecimal; it becomes the arrival's key when the message is sent."""
    files: tuple[FormFile, ...] = ()

    def __repr__(self) -> str:
        return f"FileTray({self.tray_id}, {len(self.files)} files)"

    def problem_with(self, length: int) -> FileProblem | None:
        """Why one more file of so many bytes cannot be taken."""
        if len(self.files) >= MAX_FILES:
            return "too_many"
        if length == 0:
            return "empty"
        if length > MAX_FILE_BYTES:
            return "too_large"
        return "too_large_together" if self.total + length > MAX_TOTAL_BYTES else None

    @property
    def total(self) -> int:
        return sum(file.length for file in self.files)

    def with_file(self, file: FormFile) -> "FileTray":
        return replace(self, files=(*self.files, file))

    def without(self, file_id: str) -> "FileTray":
        return replace(self, files=tuple(file for file in self.files if str(file.file_id) != file_id))


def taken_type_of(data: bytes) -> str | None:
    """What the bytes are, whatever the name or the browser says; None for everything that is not taken."""
    media_type = media_type_of(data)
    if media_type in SCANS:
        return media_type
    if data.startswith(b"PK\x03\x04"):
        return DOCX if _is_docx(data) else None
    return "text/plain" if _is_text(data) else None


def _is_docx(data: bytes) -> bool:
    """By the names in its table of contents, which are never packed: nothing is opened. None with macros is taken."""
    start = data.find(_ZIP_ENTRY)
    if start < 0 or _ZIP_END not in data[-_ZIP_TAIL:] or data.count(_ZIP_ENTRY, start) > MAX_ZIP_ENTRIES:
        return False
    contents = data[start:].lower()
    return b"[content_types].xml" in contents and b"word/document.xml" in contents and b"vbaproject" not in contents


def _is_text(data: bytes) -> bool:
    """Plain text in UTF-8 or an old one-byte code, without control characters."""
    if any(sign < 32 and sign not in _WHITE for sign in set(data)):
        return False
    head = data[:512].lstrip(b"\xef\xbb\xbf").lstrip().lower()
    return not head.startswith((b"<", b"#!", b"{\\rtf", b"%!ps"))


def safe_name(claimed: str, media_type: str, taken: Sequence[str] = ()) -> str:
    """A name to show and to save under: no folders, no invisible or direction-changing signs, the right ending.

    Names that are taken already get a number.
    """
    last = re.split(r"[/\\]", claimed.replace("\x00", ""))[-1]
    unified = unicodedata.normalize("NFC", last)
    visible = "".join(sign for sign in unified if unicodedata.category(sign)[0] != "C")
    bare = re.sub(r'[<>:"|?*%;]', "_", " ".join(visible.split())).strip(". ")
    stem, ending = _split(bare, media_type)
    if not stem or _RESERVED.match(stem):
        stem = f"file {stem}".strip()
    stem = stem[: MAX_FILE_NAME - len(ending) - 4].rstrip()
    name, number = f"{stem}{ending}", 2
    while name.casefold() in {other.casefold() for other in taken}:
        name, number = f"{stem} {number}{ending}", number + 1
    return name


def _split(name: str, media_type: str) -> tuple[str, str]:
    """The name without its ending, and the ending that tells the truth about the bytes."""
    endings = ENDINGS[media_type]
    for ending in endings:
        if name.casefold().endswith(ending):
            return name[: -len(ending)].rstrip(". "), ending
    return name, endings[0]
