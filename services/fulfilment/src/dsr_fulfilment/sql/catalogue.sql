-- name: declared_tables
-- What the database says of the named tables, as three lists in one answer: an erasure waits for it.
WITH columns AS (
    -- The columns of the named tables, with the type that a text is cast to.
    SELECT n.nspname AS schema_name, c.relname AS table_name, a.attname AS column_name,
           format_type(a.atttypid, -1) AS type_name, a.attnotnull AS is_required
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND (n.nspname, c.relname) IN (SELECT * FROM unnest($1::text[], $2::text[]))
),
unique_keys AS (
    -- The column sets that tell rows of the named tables apart.
    SELECT n.nspname AS schema_name, c.relname AS table_name, array_agg(a.attname::text ORDER BY a.attname) AS columns
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
    WHERE i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
      AND (n.nspname, c.relname) IN (SELECT * FROM unnest($1::text[], $2::text[]))
    GROUP BY n.nspname, c.relname, i.indexrelid
),
foreign_keys AS (
    -- The foreign keys that point to the named tables, from wherever.
    SELECT k.conname AS name, cn.nspname AS child_schema, c.relname AS child_table,
           pn.nspname AS parent_schema, p.relname AS parent_table, k.confdeltype::text AS on_delete,
           has_table_privilege(c.oid, 'SELECT') AS is_readable,
           (SELECT array_agg(a.attname::text ORDER BY x.place) FROM unnest(k.conkey) WITH ORDINALITY x (number, place)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.number) AS child_columns,
           (SELECT array_agg(a.attname::text ORDER BY x.place) FROM unnest(k.confkey) WITH ORDINALITY x (number, place)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x.number) AS parent_columns
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace cn ON cn.oid = c.relnamespace
    JOIN pg_class p ON p.oid = k.confrelid
    JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0
      AND (pn.nspname, p.relname) IN (SELECT * FROM unnest($1::text[], $2::text[]))
)
SELECT coalesce((SELECT json_agg(c) FROM columns c), '[]') AS columns,
       coalesce((SELECT json_agg(u) FROM unique_keys u), '[]') AS unique_keys,
       coalesce((SELECT json_agg(f ORDER BY f.name) FROM foreign_keys f), '[]') AS foreign_keys;
