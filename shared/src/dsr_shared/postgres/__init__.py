"""PostgreSQL as every service uses it: a pool whose transactions belong to one controller, named SQL, migrations."""

from dsr_shared.postgres.database import Connection, Database, Hints, database_now, hint_after_commit, memory_of
from dsr_shared.postgres.migrations import MigrationError, migrate
from dsr_shared.postgres.queries import Queries, load_queries

__all__ = [
    "Connection",
    "Database",
    "Hints",
    "MigrationError",
    "Queries",
    "database_now",
    "hint_after_commit",
    "load_queries",
    "memory_of",
    "migrate",
]
