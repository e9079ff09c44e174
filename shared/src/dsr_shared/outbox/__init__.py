"""The transactional outbox: an event is stored with the effect it tells of, and a relay sends it afterwards."""

from dsr_shared.outbox.append import OUTBOX_CHANNEL, Draft, NotTheWriterError, Outbox

__all__ = ["OUTBOX_CHANNEL", "Draft", "NotTheWriterError", "Outbox"]
