"""The outside world: the mail server, the templates, our tables."""
