"""Who may work here: accounts, signing in, sessions.

A name that nobody has takes as long to refuse as one that somebody has, and its tries are counted alike, so that the
sign-in page tells nobody which names there are.

AccountError
├── NameTaken        the controller has a user of this name
├── NoSuchUser       it has none
└── WeakPassword     too short, or the name itself
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from dsr_fulfilment.adapters import accounts
from dsr_fulfilment.adapters.accounts import Account, Role, User
from dsr_shared.keyring import KeyRing
from dsr_shared.postgres import Database
from dsr_shared.sealing import hash_token, new_token

TRIES: Final = 10
LOCK: Final = timedelta(minutes=15)
IDLE: Final = timedelta(minutes=30)
LIFE: Final = timedelta(hours=12)
MIN_PASSWORD_CHARACTERS: Final = 12
MAX_PASSWORD_CHARACTERS: Final = 256
MAX_NAME_CHARACTERS: Final = 80
HASHES_AT_ONCE: Final = 2
"""A hash takes 64 MiB for a moment; more sign-ins than this wait for each other."""


class AccountError(Exception):
    """What was asked of an account is not possible; the text says what to do."""


class NameTaken(AccountError):
    """Two people share no name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"there is a user {name} already; choose another name, or `kuukausi user reset` for a password"
        )


class NoSuchUser(AccountError):
    """Nobody has this name here."""

    def __init__(self, name: str, controller_id: str) -> None:
        super().__init__(f"{controller_id} has no user {name}; see Users in the console")


class WeakPassword(AccountError):
    """A password that is guessed too soon."""

    def __init__(self) -> None:
        super().__init__(
            f"a password has {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters and is not the name"
        )


@dataclass(frozen=True)
class SignedIn:
    """The token goes into the cookie; only its hash is kept."""

    user: User
    token: str


@dataclass(frozen=True)
class Refused:
    """Name or password is wrong."""

    tries_left: int


@dataclass(frozen=True)
class Locked:
    """Too many wrong tries; even the right password has to wait."""

    until: datetime


SignIn = SignedIn | Refused | Locked


class Accounts:
    """Accounts of all controllers of this installation."""

    def __init__(self, database: Database, ring: KeyRing, hasher: PasswordHasher | None = None) -> None:
        self._database = database
        self._ring = ring
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(HASHES_AT_ONCE)

    async def add(self, controller_id: str, name: str, password: str, role: Role) -> None:
        """Raises `NameTaken` or `WeakPassword`."""
        password_hash = await self._hash(name, password)
        async with self._database.transaction(controller_id) as conn:
            if not await accounts.add_user(conn, controller_id, name, password_hash, role):
                raise NameTaken(name)

    async def disable(self, controller_id: str, name: str) -> None:
        """Sign a user out everywhere and let nobody in by this name; raises `NoSuchUser`."""
        async with self._database.transaction(controller_id) as conn:
            user_id = await accounts.disable_user(conn, controller_id, name)
            if user_id is None:
                raise NoSuchUser(name, controller_id)
            await accounts.close_sessions_of(conn, user_id)

    async def reset(self, controller_id: str, name: str, password: str) -> None:
        """Set a new password, lift a lock and end old sessions; raises `NoSuchUser` or `WeakPassword`."""
        password_hash = await self._hash(name, password)
        async with self._database.transaction(controller_id) as conn:
            user_id = await accounts.set_password(conn, controller_id, name, password_hash)
            if user_id is None:
                raise NoSuchUser(name, controller_id)
            await accounts.close_sessions_of(conn, user_id)
            await accounts.forget_attempts(conn, controller_id, self._name_hash(name))

    async def sign_in(self, controller_id: str, name: str, password: str, old_token: str | None = None) -> SignIn:
        """Count the try, then look at the password; success opens a new session and ends the one of `old_token`."""
        controller_id, name = controller_id.strip()[:MAX_NAME_CHARACTERS], name.strip()[:MAX_NAME_CHARACTERS]
        async with self._database.across_controllers() as conn:
            attempt = await accounts.reserve_attempt(conn, controller_id, self._name_hash(name), TRIES, LOCK)
            account = await accounts.find_user(conn, controller_id, name)
        is_right = await self._is_right(account, password)
        if attempt.locked_until is not None and (attempt.failures > TRIES or not is_right):
            return Locked(attempt.locked_until)
        if account is None or not is_right:
            return Refused(TRIES - attempt.failures)
        return await self._open(account, password, old_token)

    async def _open(self, account: Account, password: str, old_token: str | None) -> SignedIn:
        token = new_token()
        fresh = await self._rehashed(account, password)
        async with self._database.across_controllers() as conn:
            if old_token is not None:
                await accounts.close_session(conn, hash_token(old_token))
            if fresh is not None:
                await accounts.update_hash(conn, account.user_id, fresh)
            await accounts.forget_attempts(conn, account.controller_id, self._name_hash(account.name))
            await accounts.open_session(conn, hash_token(token), account, LIFE, IDLE)
        return SignedIn(User(account.user_id, account.controller_id, account.name, account.role), token)

    async def user_of(self, token: str) -> User | None:
        """Who holds this cookie, if the session still lives; looking counts as use."""
        async with self._database.across_controllers() as conn:
            return await accounts.use_session(conn, hash_token(token), IDLE)

    async def sign_out(self, token: str) -> None:
        async with self._database.across_controllers() as conn:
            await accounts.close_session(conn, hash_token(token))

    def form_token(self, token: str) -> str:
        """What every form of a session carries; another site cannot know it."""
        return self._ring.mac_bytes("console-form", token.encode())

    def _name_hash(self, name: str) -> str:
        return self._ring.mac("sign-in", name)

    async def _is_right(self, account: Account | None, password: str) -> bool:
        is_usable = account is not None and not account.is_disabled
        password_hash = account.password_hash if account is not None else _nobodys_hash(self._hasher)
        async with self._turns:
            matches = await asyncio.to_thread(self._verify, password_hash, password[:MAX_PASSWORD_CHARACTERS])
        return matches and is_usable

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (Argon2Error, InvalidHashError):
            return False

    async def _hash(self, name: str, password: str) -> str:
        is_long_enough = MIN_PASSWORD_CHARACTERS <= len(password) <= MAX_PASSWORD_CHARACTERS
        if not is_long_enough or password.casefold() == name.casefold():
            raise WeakPassword
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def _rehashed(self, account: Account, password: str) -> str | None:
        """A new hash where the settings became stricter since the last one."""
        if not self._hasher.check_needs_rehash(account.password_hash):
            return None
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)


@cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    """What an unknown name is compared with, so that refusing it takes as long."""
    return hasher.hash(new_token())
