"""Try the company's mail servers before a start, so that a wrong password is found now and not by a lost request."""

import imaplib
import smtplib
import ssl
from typing import Final

from kuukausi.errors import KuukausiError
from kuukausi.stack.configuration import Mailbox, Smtp

_TIMEOUT_SECONDS: Final = 15


class MailRefused(KuukausiError):
    """A mail server cannot be used as configured."""


def check_mailbox(mailbox: Mailbox) -> None:
    """Sign in and look into the folder; raises MailRefused."""
    where = f"{mailbox.username} at {mailbox.host}:{mailbox.port} (IMAP, {mailbox.security})"
    try:
        with _imap(mailbox) as connection:
            connection.login(mailbox.username, mailbox.password)
            answer, _ = connection.select(mailbox.folder, readonly=True)
    except imaplib.IMAP4.error as error:
        raise _refused(
            "the mail server does not let this user in", where, "correct the user name or password"
        ) from error
    except OSError as error:
        raise _unreachable(error, where, "imap") from error
    if answer != "OK":
        raise _refused(f"the mailbox has no folder {mailbox.folder!r}", where, "correct the folder's name")


def _imap(mailbox: Mailbox) -> imaplib.IMAP4:
    if mailbox.security == "tls":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=_TIMEOUT_SECONDS)
    connection = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=_TIMEOUT_SECONDS)
    if mailbox.security == "starttls":
        connection.starttls(ssl.create_default_context())
    return connection


def check_smtp(smtp: Smtp) -> None:
    """Sign in, and send nothing; raises MailRefused."""
    where = f"{smtp.host}:{smtp.port} (SMTP, {smtp.security})"
    try:
        with _smtp(smtp) as connection:
            if smtp.username and smtp.password:
                connection.login(smtp.username, smtp.password)
            connection.noop()
    except smtplib.SMTPAuthenticationError as error:
        raise _refused(
            "the mail server does not let this user in", where, "correct the user name or password"
        ) from error
    except smtplib.SMTPException as error:
        raise _refused(f"the mail server refused: {type(error).__name__}", where, "see what it asks for") from error
    except OSError as error:
        raise _unreachable(error, where, "smtp") from error


def _smtp(smtp: Smtp) -> smtplib.SMTP:
    if smtp.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=_TIMEOUT_SECONDS, context=context)
    connection = smtplib.SMTP(smtp.host, smtp.port, timeout=_TIMEOUT_SECONDS)
    if smtp.security == "starttls":
        connection.starttls(context=ssl.create_default_context())
    return connection


def _refused(what: str, where: str, remedy: str) -> MailRefused:
    return MailRefused(what, where=where, remedy=f"{remedy}, then start again")


def _unreachable(error: OSError, where: str, protocol: str) -> MailRefused:
    remedy = f"correct the host, the port or --{protocol}-security, and see that this machine may reach it"
    return MailRefused(f"the mail server could not be reached: {error.strerror or error}", where=where, remedy=remedy)
