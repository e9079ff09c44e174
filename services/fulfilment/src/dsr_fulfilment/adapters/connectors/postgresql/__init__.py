"""PostgreSQL databases: declared tables, read by declared identifiers and joins, erased in one transaction."""

from dsr_fulfilment.adapters.connectors.postgresql.connector import PostgresqlConnector

__all__ = ["PostgresqlConnector"]
