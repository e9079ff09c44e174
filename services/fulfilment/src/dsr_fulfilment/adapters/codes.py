"""Six-digit codes: short to type, fresh each time, worthless without the link and after five tries."""

import secrets
from hashlib import sha256


def new_code() -> str:
    """A code of six digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_hash(token_hash: str, code: str) -> str:
    """What intake compares with: SHA-256 of the package's token hash, a colon and the code, in hexadecimal."""
    return sha256(f"{token_hash}:{code}".encode()).hexdigest()
