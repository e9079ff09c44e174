-- name: lock_case
-- Makes writers of one case's keys wait for each other, so that no key slips in beside a destruction.
select pg_advisory_xact_lock(hashtextextended('case keys ' || $1 || ' ' || $2::uuid::text, 0));

-- name: is_destroyed
-- Whether the keys of the case were destroyed; events of such a case stay unread.
select exists (select 1 from destroyed_cases where controller_id = $1 and case_id = $2);

-- name: insert_keys
-- Stores wrapped keys of cases unless they were destroyed; a key that is known already is left as it is.
insert into case_keys (key_id, controller_id, case_id, purpose, ring_version, wrapped, created_at)
select given.key_id, $1, given.case_id, given.purpose, given.ring_version, given.wrapped, now()
from unnest($2::uuid[], $3::uuid[], $4::text[], $5::integer[], $6::bytea[])
    as given (case_id, key_id, purpose, ring_version, wrapped)
where not exists (
    select 1 from destroyed_cases as gone where gone.controller_id = $1 and gone.case_id = given.case_id
)
on conflict (key_id) do nothing
returning key_id;

-- name: current_key
-- Finds the case's key of a purpose, the oldest where there are several.
select key_id, purpose, ring_version, wrapped
from case_keys
where controller_id = $1 and case_id = $2 and purpose = $3
order by created_at, key_id
limit 1;

-- name: get_key
-- Finds a key by its id.
select key_id, purpose, ring_version, wrapped from case_keys where key_id = $1;

-- name: held_keys
-- Tells which of the given keys are stored for the case.
select key_id from case_keys where controller_id = $1 and case_id = $2 and key_id = any($3::uuid[]);

-- name: remember_destruction
-- Notes that the case's keys are destroyed; the first time counts.
insert into destroyed_cases (controller_id, case_id, destroyed_at)
values ($1, $2, now())
on conflict (controller_id, case_id) do nothing;

-- name: delete_keys
-- Deletes every key of the case, locking in the order that re-wrapping uses.
with doomed as (
    select key_id from case_keys where controller_id = $1 and case_id = $2 order by key_id for update
)
delete from case_keys using doomed where case_keys.key_id = doomed.key_id
returning case_keys.key_id;

-- name: lock_keys_of_other_versions
-- Takes the next batch of keys that are not wrapped for the given ring version.
select key_id, purpose, ring_version, wrapped
from case_keys
where ring_version <> $1 and key_id > $2
order by key_id
limit $3
for update;

-- name: replace_wrapping
-- Stores keys wrapped for another ring version.
update case_keys
set ring_version = $3, wrapped = given.wrapped
from unnest($1::uuid[], $2::bytea[]) as given (key_id, wrapped)
where case_keys.key_id = given.key_id;

-- name: count_by_version
-- Counts keys by the ring version that they are wrapped for.
select ring_version, count(*) as keys from case_keys group by ring_version order by ring_version;
