"""Files inside a mail, and what makes two mails copies of each other."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from dsr_intake.adapters.mime_files import MAX_FILES, body_digest, files_of
from dsr_intake.adapters.reading_pool import ReadingPool
from dsr_intake.domain.mail import MailReading
from dsr_shared.media_types import media_type_of

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 8


def a_mail(
    *files: tuple[str, bytes], text: str = "Haluan nähdä tietoni.", cte: str = "quoted-printable"
) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "aino@posti.example", "tietosuoja@esimerkki.example", "Tietopyyntö"
    mail["Message-ID"] = "<1@posti.example>"
    mail.set_content(text, cte=cte)
    for name, data in files:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail


def test_files_come_out_whole_named_and_typed_by_their_bytes() -> None:
    files = files_of(a_mail(("valtakirja.txt", PDF), ("kuva.pdf", b"\x89PNG\r\n\x1a\nxx")).as_bytes())
    assert [(file.name, file.media_type) for file in files] == [
        ("valtakirja.txt", "application/pdf"),
        ("kuva.pdf", "image/png"),
    ]
    assert files[0].data == PDF


def test_the_text_itself_is_no_file_and_too_many_files_are_left_in_the_mail() -> None:
    assert files_of(a_mail().as_bytes()) == ()
    many = [(f"{number}.bin", b"x" * 10) for number in range(MAX_FILES + 5)]
    assert len(files_of(a_mail(*many).as_bytes())) == MAX_FILES


def test_a_copy_has_the_same_digest_whatever_its_way() -> None:
    mail = a_mail(("a.pdf", PDF))
    other = a_mail(("a.pdf", PDF), cte="base64")
    other["Received"] = "from x by mx2.esimerkki.example"
    bare = mail.as_bytes().replace(b"\r\n", b"\n")
    assert body_digest(mail.as_bytes()) == body_digest(other.as_bytes()) == body_digest(bare)


@pytest.mark.parametrize("changed", [a_mail(("a.pdf", PDF + b"!")), a_mail(("a.pdf", PDF), text="Poistakaa tietoni.")])
def test_another_body_has_another_digest(changed: EmailMessage) -> None:
    assert body_digest(a_mail(("a.pdf", PDF)).as_bytes()) != body_digest(changed.as_bytes())


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"<html><script>alert(1)</script>", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
        (b"MZ\x90\x00", "application/x-msdownload"),
        (b"PK\x03\x04....word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04....", "application/zip"),
        (b"\x00\x01", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_a_type_is_never_one_that_a_browser_runs(data: bytes, media_type: str) -> None:
    assert media_type_of(data) == media_type


async def test_the_limited_child_hands_the_files_over() -> None:
    large = b"%PDF-" + b"x" * (3 * 1024 * 1024)
    raw = a_mail(("suuri.pdf", large)).as_bytes()
    async with ReadingPool(1) as pool:
        files = await pool.files(raw)
        reading = await pool(raw, ["tietosuoja@esimerkki.example"], ["mx.esimerkki.example"])
    assert isinstance(files, tuple)
    assert files[0].data == large
    assert isinstance(reading, MailReading)
    assert reading.body_sha256 == body_digest(raw)
