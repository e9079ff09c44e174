"""dsr_notifier."""
