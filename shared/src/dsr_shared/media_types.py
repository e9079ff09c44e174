"""What a file is by its first bytes. What its sender calls it does not count."""

from typing import Final

UNKNOWN: Final = "application/octet-stream"
SCANS: Final = frozenset({"application/pdf", "image/jpeg", "image/png"})
"""What people scan and photograph papers as."""
_MAGIC: Final = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"MZ", "application/x-msdownload"),
    (0, b"\x7fELF", "application/x-elf"),
)
_IN_ZIP: Final = (
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
    (b"word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_LOOKED_AT: Final = 64 * 1024


def media_type_of(data: bytes) -> str:
    """One of the types named above, text/plain or application/octet-stream; never what could run in a browser."""
    for offset, mark, media_type in _MAGIC:
        if data[offset : offset + len(mark)] == mark:
            return media_type
    if data[:4] == b"PK\x03\x04":
        return _inside_zip(data)
    return "text/plain" if _is_text(data[:_LOOKED_AT]) else UNKNOWN


def _inside_zip(data: bytes) -> str:
    """By the names in its directory, which stands at the end, or by the marker that ODF puts first."""
    looked_at = data[:4096] + data[-_LOOKED_AT:]
    return next((media_type for mark, media_type in _IN_ZIP if mark in looked_at), "application/zip")


def _is_text(head: bytes) -> bool:
    if not head or any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 or head.decode("cp1252", "replace").isprintable()
    return True
