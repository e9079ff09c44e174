-- name: catalogue
-- One line for each thing that a schema is made of.
select line from (
    select format(
        'table %s rls=%s forced=%s rights=%s', c.relname, c.relrowsecurity, c.relforcerowsecurity,
        (select string_agg(a::text, ' ' order by a::text) from unnest(c.relacl) as a)
    ) as line
    from pg_class as c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'S')
    union all
    select format(
        'column %s.%s %s%s default %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end, pg_get_expr(d.adbin, d.adrelid)
    )
    from pg_attribute as a
    join pg_class as c on c.oid = a.attrelid
    left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and a.attnum > 0
        and not a.attisdropped
    union all
    select format('constraint %s on %s %s', o.conname, o.conrelid::regclass, pg_get_constraintdef(o.oid))
    from pg_constraint as o where o.connamespace = 'public'::regnamespace
    union all
    select format('index %s', i.indexdef) from pg_indexes as i where i.schemaname = 'public'
    union all
    select format('policy %s on %s %s using %s check %s', p.policyname, p.tablename, p.cmd, p.qual, p.with_check)
    from pg_policies as p where p.schemaname = 'public'
    union all
    select format('function %s', pg_get_functiondef(f.oid))
    from pg_proc as f where f.pronamespace = 'public'::regnamespace and f.prokind in ('f', 'p')
    union all
    select format('trigger %s', pg_get_triggerdef(t.oid))
    from pg_trigger as t
    join pg_class as c on c.oid = t.tgrelid
    where c.relnamespace = 'public'::regnamespace and not t.tgisinternal
) as things
order by line
