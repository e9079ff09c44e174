"""dsr_fulfilment."""
