"""What the Kuukausi services share: the wire, its safe delivery, sealing, and the calendar of the clock."""
