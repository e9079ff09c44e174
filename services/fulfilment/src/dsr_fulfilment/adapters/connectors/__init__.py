"""Connectors: how each kind of system is searched, copied and erased."""
