"""Init steps of docker-compose.yml: the embedded stack's own functions, pointed at containers.

Secrets come as files in /run/secrets, never as environment or arguments.
"""
