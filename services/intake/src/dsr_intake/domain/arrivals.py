"""What reached the controller, before and after it was read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from dsr_shared.contracts.words import Channel

INLINE_RAW_BYTES: Final = 256 * 1024
"""Larger raw bytes lie in the blob store; smaller ones in the row itself."""
NOISE_KEPT_DAYS: Final = 90
MAX_READ_ATTEMPTS: Final = 5
"""After so many attempts that ended with the reader's death the arrival goes to a person unread."""


@dataclass(frozen=True, slots=True)
class StoredArrival:
    """An arrival whose bytes are committed."""

    id: UUID
    is_new: bool
    """False where the same bytes lay there already; the earliest time of receipt was kept."""


@dataclass(frozen=True, slots=True)
class ClaimedArrival:
    """An arrival that this worker alone may read until its lease ends."""

    arrival_id: UUID
    controller_id: str
    channel: Channel
    received_at: datetime
    raw_sha256: str
    key_id: UUID
    lease_token: UUID
    attempts: int
    problem: str | None
