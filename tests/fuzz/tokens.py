"""Words of MIME that a fuzzer would be long in finding, and the mails that it starts from."""

from pathlib import Path

from tests.corpus.build import given, own
from tests.corpus.hostile import hostile_mails

LARGEST_SEED = 8 * 1024
WORDS = (
    "Content-Type: ",
    "Content-Transfer-Encoding: ",
    "Content-Disposition: attachment",
    "multipart/mixed",
    "multipart/alternative",
    "multipart/report",
    "message/rfc822",
    "message/delivery-status",
    "text/html",
    "text/plain",
    "application/pdf",
    "boundary=",
    "charset=",
    "filename*=utf-8''",
    "filename*0*=",
    "format=flowed",
    "base64",
    "quoted-printable",
    "utf-7",
    "utf-16",
    "iso-2022-jp",
    "hz",
    "idna",
    "punycode",
    "raw_unicode_escape",
    "=?utf-8?q?",
    "=?iso-8859-1?b?",
    "?=",
    "\r\n\r\n",
    "\r\n--",
    "From: ",
    "Subject: ",
    "References: ",
    "Authentication-Results: mx.company.example; ",
    "Received: by mx.company.example",
    "dkim=pass header.d=",
    "<blockquote>",
    "<!--",
    "<style>",
    "display:none",
    "&#x202e;",
    "%PDF-1.7\n",
    "PK\x03\x04",
    "Original Message",
    "Poistakaa tietoni",
    "radera mina uppgifter",
    "GDPR 17",
    "\u202e",
    "\u200b",
)


def write_dictionary(path: Path) -> None:
    lines = ('"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"' for word in WORDS)
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def write_seeds(directory: Path) -> None:
    """Small mails of every sample set and every hostile family, one file each."""
    directory.mkdir(parents=True, exist_ok=True)
    samples = [raw for _, raw, _ in (*given(), *own("first.yaml"))]
    samples += [mail.raw for mail in hostile_mails()]
    for number, raw in enumerate(raw for raw in samples if len(raw) <= LARGEST_SEED):
        (directory / f"seed-{number:04}").write_bytes(raw)
