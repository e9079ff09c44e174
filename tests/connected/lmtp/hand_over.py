"""What a mail server in front does: LMTP with one answer for each recipient, by the standard library's client."""

import asyncio
import smtplib
from collections.abc import Sequence

OWN_HOST = "mx.esimerkki.example"
SENDER = "aino@posti.example"


def a_mail(number: int = 1, body: str = "Haluan tietoni.") -> bytes:
    lines = [
        f"Received: from a.example by {OWN_HOST} (Postfix) with ESMTP id 4; Sun, 01 Feb 2026 23:30:00 +0200",
        f"Message-ID: <{number}@posti.example>",
        f"From: {SENDER}",
        "To: tietosuoja@esimerkki.example",
        "Subject: Tietopyynto",
        "Date: Sun, 01 Feb 2026 23:29:00 +0200",
        "",
        body,
        "",
    ]
    return "\r\n".join(lines).encode()


async def hand_over(
    where: str | int, recipients: Sequence[str], raw: bytes, *, sender: str = SENDER, options: Sequence[str] = ()
) -> list[int]:
    """The codes of the answers: to each refused recipient, then after the mail to each that was taken."""
    return await asyncio.to_thread(_hand_over, where, recipients, raw, sender, options)


def _hand_over(
    where: str | int, recipients: Sequence[str], raw: bytes, sender: str, options: Sequence[str]
) -> list[int]:
    host, port = (where, 0) if isinstance(where, str) else ("127.0.0.1", where)
    with smtplib.LMTP(host, port, timeout=60) as client:
        client.ehlo_or_helo_if_needed()
        code, _ = client.mail(sender, options)
        if code != 250:
            return [code]
        answers = [client.rcpt(recipient)[0] for recipient in recipients]
        if 250 not in answers:
            return answers
        client.putcmd("DATA")
        if (code := client.getreply()[0]) != 354:
            return [code]
        doubled = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in raw.split(b"\r\n"))
        client.send(doubled + b".\r\n" if doubled.endswith(b"\r\n") else doubled + b"\r\n.\r\n")
        taken = [client.getreply()[0] for answer in answers if answer == 250]
        return [answer for answer in answers if answer != 250] + taken
