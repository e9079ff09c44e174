"""The outside as intake uses it: PostgreSQL, mail boxes, the process that reads mails, templates and texts."""
