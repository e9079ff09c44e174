"""Folder names on the wire: modified UTF-7 (RFC 3501, section 5.1.3), so that a folder may be called Käsitelty."""

import base64
import re
from typing import Final

_SPECIAL: Final = re.compile(r"[^\x20-\x7e]+|&")


def encode_folder(name: str) -> str:
    """The name as IMAP4rev1 wants it; plain ASCII without & stays as it is."""
    return _SPECIAL.sub(lambda match: _shifted(match[0]), name)


def _shifted(text: str) -> str:
    if text == "&":
        return "&-"
    return "&" + base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"
