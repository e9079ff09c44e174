"""How the notifier is started, and what it listens to."""
