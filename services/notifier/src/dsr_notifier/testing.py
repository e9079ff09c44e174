"""A mail sender for tests: it does as it is told, and passes the same suite as the real one."""

import asyncio
from collections import deque
from collections.abc import Iterable

from dsr_notifier.domain.delivery import Accepted, SendOutcome, TryLater, Unknown
from dsr_notifier.ports import OutgoingMail


class FakeMailSender:
    """Keeps what it accepted. `outcomes` are used up in order; after them everything is accepted."""

    def __init__(self, outcomes: Iterable[SendOutcome] = ()) -> None:
        self.outcomes: deque[SendOutcome] = deque(outcomes)
        self.sent: list[OutgoingMail] = []
        self.tried: list[OutgoingMail] = []
        self.is_down = False

    async def send(self, mail: OutgoingMail) -> SendOutcome:
        await asyncio.sleep(0)
        self.tried.append(mail)
        if self.is_down:
            return TryLater()
        outcome = self.outcomes.popleft() if self.outcomes else Accepted()
        if isinstance(outcome, Accepted | Unknown):
            self.sent.append(mail)
        return outcome

    async def is_reachable(self) -> bool:
        await asyncio.sleep(0)
        return not self.is_down


class CrashingMailSender:
    """Takes the mail and dies before anybody hears of it, as a killed process does."""

    def __init__(self) -> None:
        self.sent: list[OutgoingMail] = []

    async def send(self, mail: OutgoingMail) -> SendOutcome:
        self.sent.append(mail)
        raise asyncio.CancelledError

    async def is_reachable(self) -> bool:
        return True
