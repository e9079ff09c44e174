"""Tells companies' own programs how their cases stand, again and again until it is taken or given up."""

import asyncio
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from uuid import uuid4

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from dsr_fulfilment.adapters import webhook_calls
from dsr_fulfilment.adapters.connectors.registry import SecretSource
from dsr_fulfilment.adapters.registers import UnknownController
from dsr_fulfilment.adapters.webhook_calls import WEBHOOKS_CHANNEL, WebhookCall
from dsr_fulfilment.adapters.webhook_sender import NotDelivered, WebhookSender, signature
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.inbox.failures import DATABASE_AWAY
from dsr_shared.postgres import database_now

LEASE: Final = timedelta(seconds=30)
POLL_SECONDS: Final = 10.0
PAUSES: Final = tuple(timedelta(seconds=one) for one in (10, 60, 300, 1800, 7200, 21600, 43200, 86400))
"""About two days in all; after the last one it is given up."""
_log = logging.getLogger(__name__)


class Webhooks(Collector):
    """A part that sends, and the metrics of what is left."""

    def __init__(
        self, tools: Tools, secrets: SecretSource, registry: CollectorRegistry, sender: WebhookSender | None = None
    ) -> None:
        self._tools = tools
        self._secrets = secrets
        self._sender = sender or WebhookSender()
        self._left: list[tuple[str, str, int]] = []
        registry.register(self)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        calls = GaugeMetricFamily(
            "dsr_webhook_calls", "Calls to companies' own programs, not delivered", labels=["controller_id", "state"]
        )
        for controller, state, count in self._left:
            calls.add_metric([controller, state], count)
        yield calls

    async def run(self, stop: asyncio.Event) -> None:
        await self._tools.database.wait_until_up(stop)
        async with self._tools.database.listen(WEBHOOKS_CHANNEL) as hints:
            while not stop.is_set():
                try:
                    while not stop.is_set() and await self.send_one():
                        pass
                    await self._look()
                except DATABASE_AWAY as error:
                    _log.warning("webhooks wait for PostgreSQL", extra={"error": type(error).__name__})
                await hints.wait(POLL_SECONDS, stop)

    async def send_one(self) -> bool:
        """Send one due call; False where there is none. After a crash it is sent again under the same id."""
        async with self._tools.database.across_controllers() as conn:
            call = await webhook_calls.claim(conn, uuid4(), LEASE)
            now = await database_now(conn)
        if call is None:
            return False
        error: str | None = None
        try:
            await self._send(call, int(now.timestamp()))
        except NotDelivered as refused:
            error = refused.code
        async with self._tools.database.transaction(call.controller_id) as conn:
            if error is None:
                await webhook_calls.delivered(conn, call)
            else:
                await webhook_calls.failed(conn, call, _pause(call), error)
        if error is not None:
            facts = {"controller_id": call.controller_id, "error": error, "attempts": call.attempts}
            _log.warning("a webhook was not taken", extra=facts)
        return True

    async def _send(self, call: WebhookCall, seconds: int) -> None:
        try:
            webhook = self._tools.registers.get(call.controller_id).webhook
        except UnknownController:
            webhook = None
        secret = self._secrets.get(call.controller_id, webhook.secret) if webhook else None
        if webhook is None or secret is None:
            raise NotDelivered("no_secret" if webhook else "not_declared")
        body = json.dumps({"event_id": str(call.call_id), **call.facts}).encode()
        headers = {"Kuukausi-Event-Id": str(call.call_id), "Kuukausi-Signature": signature(secret, seconds, body)}
        await self._sender.post(webhook.url, body, headers)

    async def _look(self) -> None:
        async with self._tools.database.across_controllers() as conn:
            await webhook_calls.delete_old(conn)
            self._left = list(await webhook_calls.left(conn))


def _pause(call: WebhookCall) -> timedelta | None:
    return PAUSES[call.attempts - 1] if call.attempts <= len(PAUSES) else None
