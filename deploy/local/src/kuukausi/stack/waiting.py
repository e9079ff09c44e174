"""Waiting for what gives no event of its own: asked again and again until a deadline."""

import threading
import time
from collections.abc import Callable
from typing import Final

_ASK_AGAIN_SECONDS: Final = 0.05


def holds_within(is_true: Callable[[], bool], deadline_seconds: float, give_up: threading.Event | None = None) -> bool:
    """Whether `is_true` came to hold before the deadline; False at once when `give_up` is set."""
    give_up = give_up or threading.Event()
    deadline = time.monotonic() + deadline_seconds
    while not is_true():
        if time.monotonic() > deadline or give_up.wait(_ASK_AGAIN_SECONDS):
            return False
    return True
