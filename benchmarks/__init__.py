"""What the running system does in a second, measured beside floors of the same run: `make bench`."""
