-- name: prepare_schema
-- Where applied migrations are remembered.
create table if not exists schema_migrations (
    package text not null,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null default now(),
    constraint schema_migrations_pkey primary key (package, name)
)

-- name: grants
-- Statements that give the application role rows to read and write, but no table to change.
select format(statement, $1::text) as statement
from (values
    (1, 'grant usage on schema public to %I'),
    (2, 'grant select on schema_migrations to %I'),
    (3, 'alter default privileges in schema public grant select, insert, update, delete on tables to %I'),
    (4, 'alter default privileges in schema public grant usage, select on sequences to %I'),
    (5, 'alter default privileges in schema public grant execute on functions to %I')
) as grants (position, statement)
order by position

-- name: applied
-- What was applied already.
select package, name, sha256 from schema_migrations

-- name: record
-- Remember one migration.
insert into schema_migrations (package, name, sha256) values ($1, $2, $3)
