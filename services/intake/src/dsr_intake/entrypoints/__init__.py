"""Where requests, mails and events come in; here they are translated and committed."""
