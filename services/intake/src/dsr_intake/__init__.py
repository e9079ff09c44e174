"""dsr_intake."""
