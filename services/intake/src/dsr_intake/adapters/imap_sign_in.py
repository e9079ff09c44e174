"""Signing in to a mailbox: by password, or by an OAuth2 token.

XOAUTH2 is what Google and Microsoft speak, OAUTHBEARER (RFC 7628) what came of it.
"""

import base64
from typing import TYPE_CHECKING, Final

from dsr_intake.adapters.imap_wire import Answer, ImapConnection, MailboxRefusedError, MailboxUnreachableError

if TYPE_CHECKING:
    from dsr_intake.adapters.mailboxes import MailboxSettings
    from dsr_intake.adapters.oauth import TokenSource

_BUSY: Final = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"})
_NOT_LET_IN: Final = "the server refuses user name or password; correct them in the mailboxes file"
_MAILBOX_NOT_ALLOWED: Final = (
    "the provider gave a token, but the mail server does not let it into this mailbox: check username, "
    "and give the application access to the mailbox there (see docs/user/oauth-mailboxes.md)"
)


async def sign_in(
    connection: ImapConnection, settings: "MailboxSettings", tokens: "TokenSource | None", capabilities: frozenset[str]
) -> None:
    """Sign in or raise: MailboxRefusedError says what to mend, MailboxUnreachableError that it may pass by itself."""
    if tokens is not None:
        answer = await _by_token(connection, settings.username, await tokens.token(), capabilities)
        _judge(answer, MailboxRefusedError(_MAILBOX_NOT_ALLOWED, "mailbox_not_allowed"))
        return
    if "LOGINDISABLED" in capabilities:
        raise MailboxRefusedError("the server takes no password without TLS; set security to tls or starttls")
    answer = await connection.run("LOGIN {} {}", settings.username, settings.current_password())
    _judge(answer, MailboxRefusedError(_NOT_LET_IN))


def _judge(answer: Answer, refusal: MailboxRefusedError) -> None:
    if answer.status == "OK":
        return
    if answer.code in _BUSY:
        raise MailboxUnreachableError(f"the server cannot check the sign-in now [{answer.code}]")
    raise refusal


async def _by_token(connection: ImapConnection, username: str, token: str, capabilities: frozenset[str]) -> Answer:
    if "AUTH=XOAUTH2" in capabilities or "AUTH=OAUTHBEARER" not in capabilities:
        mechanism, on_error = "XOAUTH2", ""
        response = f"user={username}\x01auth=Bearer {token}\x01\x01"
    else:
        mechanism, on_error = "OAUTHBEARER", "AQ=="
        name = username.replace("=", "=3D").replace(",", "=2C")
        response = f"n,a={name},\x01auth=Bearer {token}\x01\x01"
    encoded = base64.b64encode(response.encode()).decode()
    return await connection.authenticate(mechanism, encoded, at_once="SASL-IR" in capabilities, on_error=on_error)
