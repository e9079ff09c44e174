"""What a failure means: gone by itself some day, or never."""

import traceback
from typing import Final

import asyncpg

from dsr_shared.contracts.words import DeadLetterReason
from dsr_shared.inbox.model import Rejected, TryLater
from dsr_shared.keyring import KeyRingError
from dsr_shared.sealing import SealingError

DATABASE_AWAY: Final = (
    OSError,  # refused, reset, timed out
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up, cancelled
    asyncpg.InsufficientResourcesError,  # connections, memory, disk
    asyncpg.InterfaceError,  # the connection was closed under us
    asyncpg.InternalClientError,  # likewise, in the middle of an answer
)
_TRANSIENT: Final = (
    *DATABASE_AWAY,
    TryLater,
    KeyRingError,  # a file is missing or exposed: somebody will put it right
    asyncpg.TransactionRollbackError,  # serialisation failures and deadlocks
    asyncpg.LockNotAvailableError,
)


def is_transient(error: BaseException) -> bool:
    """Whether trying again can help."""
    is_our_mistake = isinstance(error, ValueError)  # asyncpg's client side: an argument of the wrong type
    return isinstance(error, _TRANSIENT) and not is_our_mistake


def permanent_reason(error: Exception) -> tuple[DeadLetterReason, str]:
    """Reason and detail of a dead letter. An unexpected error leaves class and place, for its text may name persons."""
    if isinstance(error, Rejected):
        return "rejected", error.reason
    if isinstance(error, SealingError):
        return "cannot_open", type(error).__name__
    return "rejected", f"{type(error).__name__} at {_place(error)}"


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "unknown place"
