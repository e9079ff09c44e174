"""OAuth2 tokens for mailboxes without a password, from the endpoint that the mailboxes file declares.

Sources: RFC 6749 (sections 4.4, 5 and 6); the AADSTS codes of Microsoft Entra; Google's documentation of OAuth 2.0.
"""

import json
import logging
import os
import re
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dsr_intake.adapters.imap_wire import MailboxRefusedError, MailboxUnreachableError
from dsr_intake.adapters.mailboxes import OAuthSettings, read_secret_file

if TYPE_CHECKING:
    import httpx

_SECONDS: Final = 20.0
_EARLY_SECONDS: Final = 300.0
_DEFAULT_LIFE_SECONDS: Final = 600.0
_MAX_ANSWER_BYTES: Final = 64 * 1024
_AADSTS: Final = re.compile(r"AADSTS(\d{4,9})")
_log = logging.getLogger(__name__)

_WORDS: Final = {
    "client_secret_expired": "the application's client secret has expired: make a new one at the provider and put it "
    "into the file that client_secret_file names",
    "client_refused": "the provider does not take the client id or the client secret: compare client_id and the file "
    "that client_secret_file names (the secret's value, not its id)",
    "client_unknown": "the provider does not know this application there: check client_id and the tenant in "
    "token_endpoint",
    "consent_missing": "consent is missing: an administrator must grant the application its permission at the provider",
    "sign_in_expired": "the refresh token is no longer valid (expired, revoked, or its user's password was changed): "
    "sign in to the provider again and put the new token into the file that refresh_token_file names",
    "scope_refused": "the provider does not take the scope: see docs/user/oauth-mailboxes.md for the right one",
    "token_refused": "the provider refuses a token; its sign-in log says why",
}
_BY_AADSTS: Final = {
    "7000222": "client_secret_expired",
    "7000215": "client_refused",
    "700016": "client_unknown",
    "90002": "client_unknown",
    "900023": "client_unknown",
    "65001": "consent_missing",
    "65004": "consent_missing",
    "50105": "consent_missing",
    "500011": "scope_refused",
    "70011": "scope_refused",
    "1002012": "scope_refused",
}
_BY_ERROR: Final = {
    "invalid_client": "client_refused",
    "unauthorized_client": "consent_missing",
    "consent_required": "consent_missing",
    "interaction_required": "consent_missing",
    "access_denied": "consent_missing",
    "admin_policy_enforced": "consent_missing",
    "invalid_grant": "sign_in_expired",
    "invalid_scope": "scope_refused",
}


class TokenSource:
    """Keeps one mailbox's token until shortly before it expires."""

    def __init__(self, settings: OAuthSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._token: str | None = None
        self._good_until = 0.0
        self._is_fresh = False

    async def token(self) -> str:
        """A token that is good for some minutes; raises MailboxRefusedError or MailboxUnreachableError."""
        self._is_fresh = self._token is None or self._clock() >= self._good_until
        if self._token is None or self._is_fresh:
            self._keep(await self._ask())
        return self._token or ""

    def forget(self) -> bool:
        """Drop a token that was refused; True where it came from an earlier sign-in, so that a new one may help."""
        was_old = self._token is not None and not self._is_fresh
        self._token = None
        return was_old

    def _keep(self, answer: dict[str, Any]) -> None:
        token, life = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]+", token):
            raise MailboxRefusedError("the token endpoint gives no token; check token_endpoint", "token_refused")
        seconds = float(str(life)) if re.fullmatch(r"\d{1,9}(\.\d+)?", str(life)) else _DEFAULT_LIFE_SECONDS
        self._token = token
        self._good_until = self._clock() + max(seconds - _EARLY_SECONDS, seconds / 2)
        renewed = answer.get("refresh_token")
        if self._settings.refresh_token_file and isinstance(renewed, str) and renewed:
            self._keep_refresh_token(self._settings.refresh_token_file, renewed)

    def _keep_refresh_token(self, path: Path, token: str) -> None:
        if read_secret_file(path, "refresh_token_file") == token:
            return
        try:
            _replace(path, token)
        except OSError as error:
            _log.warning(
                "A new refresh token cannot be written to refresh_token_file; the old one will expire. "
                "Make the file and its directory writable for intake.",
                extra={"error": type(error).__name__, "errno": error.errno},
            )

    def _form(self) -> dict[str, str]:
        settings = self._settings
        form = {"grant_type": settings.flow, "client_id": settings.client_id}
        if settings.client_secret_file:
            form["client_secret"] = read_secret_file(settings.client_secret_file, "client_secret_file")
        if settings.flow == "refresh_token":
            form["refresh_token"] = read_secret_file(settings.refresh_token_file, "refresh_token_file")
        return form | ({"scope": settings.scope} if settings.scope else {})

    async def _ask(self) -> dict[str, Any]:
        import httpx  # only where a mailbox needs it: 10 MB

        form = self._form()
        verify = ssl.create_default_context()
        try:
            async with (
                httpx.AsyncClient(timeout=_SECONDS, verify=verify, follow_redirects=False) as client,
                client.stream("POST", self._settings.token_endpoint, data=form) as response,
            ):
                return _judged(response.status_code, await _read(response))
        except httpx.HTTPError as error:
            text = f"the token endpoint cannot be reached ({type(error).__name__})"
            raise MailboxUnreachableError(text) from None  # its text may hold what was sent


async def _read(response: "httpx.Response") -> dict[str, Any]:
    """The JSON object of the answer; an empty one where it is something else."""
    body = b""
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > _MAX_ANSWER_BYTES:
            return {}
    with suppress(ValueError):
        answer = json.loads(body)
        return answer if isinstance(answer, dict) else {}
    return {}


def _judged(status: int, answer: dict[str, Any]) -> dict[str, Any]:
    if status == 200:
        return answer
    if status == 429 or status >= 500:
        raise MailboxUnreachableError(f"the token endpoint cannot answer now (HTTP {status})")
    reason = why_refused(str(answer.get("error", "")), str(answer.get("error_description", "")))
    raise MailboxRefusedError(_WORDS[reason], reason)


def why_refused(error: str, description: str) -> str:
    """Our word for the provider's refusal; its own text is not passed on, for it may name persons."""
    for code in _AADSTS.findall(description):
        if code in _BY_AADSTS:
            return _BY_AADSTS[code]
    return _BY_ERROR.get(error, "token_refused")


def _replace(path: Path, token: str) -> None:
    """Whole or not at all, for this account alone."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(token + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
