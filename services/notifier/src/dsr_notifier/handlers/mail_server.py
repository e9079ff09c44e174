"""What we know of the mail server: whether it answered last, and how many letters came to what end."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge

from dsr_notifier.domain.delivery import Accepted, Refused, SendOutcome, TryLater, Unknown

OUTCOME_WORDS: Final[dict[type[SendOutcome], str]] = {
    Accepted: "accepted",
    Refused: "refused",
    TryLater: "try_later",
    Unknown: "unknown",
}
_WAITING_STATES: Final = ("requested", "intended", "unknown", "repeating")


class MailServerState:
    """Up, down, or not asked yet; as gauges and counters too."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._is_up: bool | None = None
        self._up = Gauge("notifier_mail_server_up", "Whether the mail server answers (1) or not (0)", registry=registry)
        self._attempts = Counter(
            "notifier_attempts", "Attempts to hand a letter to the mail server", ["outcome"], registry=registry
        )
        self._ended = Counter("notifier_letters_ended", "Letters whose fate is known", ["state"], registry=registry)
        self._waiting = Gauge("notifier_letters_waiting", "Letters not yet ended", ["state"], registry=registry)
        self._oldest = Gauge("notifier_oldest_letter_seconds", "Age of the oldest letter not ended", registry=registry)

    @property
    def is_up(self) -> bool:
        return self._is_up is True

    def note(self, *, is_up: bool) -> bool:
        """Remember how it answered; True if it is back after it had been away."""
        is_back = is_up and self._is_up is False
        self._is_up = is_up
        self._up.set(is_up)
        return is_back

    def count_attempt(self, outcome: SendOutcome) -> None:
        self._attempts.labels(OUTCOME_WORDS[type(outcome)]).inc()

    def count_end(self, state: str) -> None:
        self._ended.labels(state).inc()

    def show_waiting(self, letters: dict[str, int], oldest_seconds: float) -> None:
        for state in _WAITING_STATES:
            self._waiting.labels(state).set(letters.get(state, 0))
        self._oldest.set(oldest_seconds)
