"""When an approved erasure takes effect: at once, or at the next hour that leaves the staff time to think."""

from datetime import UTC, datetime, time, timedelta
from typing import Literal

from dsr_shared.calendar import HELSINKI, helsinki_date


def execute_after(grace: Literal["none"] | str, approved_at: datetime) -> datetime:
    """`grace` is none, or an hour HH:MM in Helsinki: the next one strictly after the approval. In UTC."""
    if grace == "none":
        return approved_at
    hour = time.fromisoformat(grace)
    today = helsinki_date(approved_at)
    hours = (datetime.combine(today + timedelta(days=days), hour, tzinfo=HELSINKI).astimezone(UTC) for days in range(2))
    return next(moment for moment in hours if moment > approved_at)
