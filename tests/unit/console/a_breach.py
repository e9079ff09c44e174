"""A breach of a small company for the pages' tests, changed where a test needs it otherwise."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dsr_fulfilment.domain.breach_case import Breach


def a_breach(aware: datetime, **changes: Any) -> Breach:
    """Searched, not judged, nobody told; the 72 hours run from `aware`."""
    breach = Breach(
        breach_id=UUID(int=7),
        controller_id="esimerkki",
        reference="B-2026-0003",
        state="searched",
        aware_at=aware,
        authority_due_at=aware + timedelta(hours=72),
        began_at=aware - timedelta(days=1),
        ended_at=aware,
        systems=("crm",),
        risk=None,
        person_count=118,
        record_count=412,
        authority_notified_at=None,
        letters_approved_at=None,
    )
    return replace(breach, **changes)
