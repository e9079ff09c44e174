"""A sign-in that could prove nothing, or would send secrets where they don't belong."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from dsr_fulfilment.register.model import Register
from dsr_fulfilment.register.problems import Finding
from dsr_fulfilment.register.sign_in import SignIn

_LOCAL: Final = ("localhost", "127.0.0.1", "::1")


def check_sign_in(register: Register, known_elsewhere: frozenset[str]) -> Iterator[Finding]:
    """Give everything wrong with `sign_in`; `known_elsewhere` is not empty where a system did not fit the model."""
    if register.sign_in is None:
        return
    yield from _issuer(register.sign_in)
    yield from _scopes(register.sign_in)
    if not known_elsewhere:
        yield from _claims(register, register.sign_in)


def _issuer(sign_in: SignIn) -> Iterator[Finding]:
    parts = urlsplit(sign_in.issuer)
    if not parts.hostname or (parts.scheme == "http" and parts.hostname not in _LOCAL):
        what = "the issuer is not an https:// address, and a secret is sent there"
        yield Finding(("sign_in", "issuer"), what, "Write it as the provider names itself, https://…")


def _scopes(sign_in: SignIn) -> Iterator[Finding]:
    if "openid" not in sign_in.scopes:
        what = "without the scope openid the provider gives no ID token"
        yield Finding(("sign_in", "scopes"), what, "Add openid")


def _claims(register: Register, sign_in: SignIn) -> Iterator[Finding]:
    known, claims = register.identifier_names(), sign_in.claims
    asked = [*claims.identifiers, *(("email",) if claims.email else ())]
    if not asked:
        what = "no claim tells by what a person is found; a name alone identifies nobody"
        yield Finding(("sign_in", "claims"), what, "Name a claim under `identifiers`, or `email`")
    for name in claims.identifiers:
        if name not in known:
            what = f"no system is searched by {name!r}"
            remedy = "Declare it under `identifiers` of a table, or correct the name"
            yield Finding(("sign_in", "claims", "identifiers", name), what, remedy)
    if claims.email and "email" not in known:
        what = "no system is searched by e-mail address"
        remedy = "Declare the identifier `email` of a table, or leave it out"
        yield Finding(("sign_in", "claims", "email"), what, remedy)
