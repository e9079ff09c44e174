"""The embedded stack: PostgreSQL, Kafka and the three services as supervised processes on one machine."""
