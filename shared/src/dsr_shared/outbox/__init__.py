"""The transactional outbox: an event is stored with the effect it tells of, and a relay sends it afterwards."""

from dsr_shared.outbox.append import OUTBOX_CHANNEL, Draft, NotTheWriterError, Outbox
from dsr_shared.outbox.relay import Producer, Relay, RelayLimits
from dsr_shared.outbox.upkeep import purge_outbox, republish

__all__ = [
    "OUTBOX_CHANNEL",
    "Draft",
    "NotTheWriterError",
    "Outbox",
    "Producer",
    "Relay",
    "RelayLimits",
    "purge_outbox",
    "republish",
]
