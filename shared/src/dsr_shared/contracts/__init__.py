"""The wire: every event that crosses Kafka, as data only. Nothing here imports another part of the project."""
