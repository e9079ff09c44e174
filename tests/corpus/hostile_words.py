"""What the hostile mails are put together from."""

from base64 import encodebytes
from collections.abc import Mapping

WISH = "Hei, pyydän teitä poistamaan kaikki tietoni. Terveisin Kai Kuu\r\n"
FROM = "Kai Kuu <kai@person.example>"


def mail(body: bytes | str = WISH, fields: Mapping[str, bytes | str] | None = None, line_end: bytes = b"\r\n") -> bytes:
    """A mail with a sender and a subject unless the fields say otherwise; an empty value leaves a field out."""
    every: dict[str, bytes | str] = {"From": FROM, "Subject": "Hei", "Message-ID": "<1@person.example>"}
    every |= fields or {}
    lines = [name.encode() + b": " + as_bytes(value) for name, value in every.items() if value]
    return line_end.join([*lines, b"", as_bytes(body)])


def as_bytes(text: bytes | str) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def part(content_type: str, body: bytes | str, **more: str) -> bytes:
    """One part of a multipart; `content_disposition="..."` gives further fields."""
    fields = {"content-type": content_type} | {name.replace("_", "-"): value for name, value in more.items()}
    lines = [f"{name}: {value}".encode() for name, value in fields.items()]
    return b"\r\n".join([*lines, b"", as_bytes(body)])


def multipart(*parts: bytes, subtype: str = "mixed", boundary: str = "b0", ends: bool = True) -> bytes:
    """A whole mail of these parts."""
    mark = boundary.encode()
    body = b"".join(b"--" + mark + b"\r\n" + one + b"\r\n" for one in parts) + (
        b"--" + mark + b"--\r\n" if ends else b""
    )
    return mail(body, {"MIME-Version": "1.0", "Content-Type": f'multipart/{subtype}; boundary="{boundary}"'})


def wish(charset: str = "utf-8") -> bytes:
    return part(f"text/plain; charset={charset}", WISH)


def attached(name: str, media_type: str, content: bytes) -> bytes:
    """A mail with a wish and one file."""
    return multipart(wish(), attachment(name, media_type, content))


def attachment(name: str, media_type: str, content: bytes) -> bytes:
    disposition = f'attachment; filename="{name}"'
    return part(media_type, encodebytes(content), content_disposition=disposition, content_transfer_encoding="base64")
