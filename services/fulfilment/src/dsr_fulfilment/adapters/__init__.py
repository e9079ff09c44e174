"""What touches the world: PostgreSQL, connectors, packages, the register's files."""
