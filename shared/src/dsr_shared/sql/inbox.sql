-- name: lock_stream
-- Take the stream's row lock, so that one process at a time decides about this case and topic.
insert into inbox_streams (controller_id, case_id, topic) values ($1, $2, $3)
on conflict on constraint inbox_streams_pkey do update set last_sequence = inbox_streams.last_sequence
returning last_sequence

-- name: standing
-- What is known about an event; asked under the stream's lock, in a statement of its own, so that it sees all that is settled.
select
    exists (select from inbox where event_id = $1) as is_handled,
    exists (select from parked_events where event_id = $1)
    or exists (
        select from dead_letters
        where event_id = $1 and topic = $4 and state = 'open' and reason <> 'wrong_producer'
    ) as is_waiting,
    exists (select from destroyed_cases where controller_id = $2 and case_id = $3) as is_destroyed,
    $5::timestamptz < now() - make_interval(days => $6) as is_beyond_memory

-- name: remember
-- Settle an event: it is never taken again, and the next of its stream may come. Tells whether others wait behind it.
with moved as (
    update inbox_streams set last_sequence = greatest(last_sequence, $5)
    where controller_id = $2 and case_id = $3 and topic = $4
)
insert into inbox (event_id, controller_id, case_id, topic, sequence) values ($1, $2, $3, $4, $5)
returning exists (
    select from parked_events where controller_id = $2 and case_id = $3 and topic = $4
) as has_followers

-- name: pass_over
-- Move on without an effect: events of a destroyed case stay unread.
update inbox_streams set last_sequence = greatest(last_sequence, $4)
where controller_id = $1 and case_id = $2 and topic = $3

-- name: is_destroyed
-- Whether the case's keys were destroyed here.
select exists (select from destroyed_cases where controller_id = $1 and case_id = $2)

-- name: park
-- Let an event wait; the delay counts from the database's clock.
insert into parked_events
    (event_id, controller_id, case_id, topic, sequence, partition, log_offset, payload, reason, attempts, next_attempt_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + make_interval(secs => $11))

-- name: claim_parked
-- Lease events whose turn it is: the next of their stream, of a compacted topic, or of a destroyed case.
with due as (
    select p.event_id
    from parked_events as p
    join inbox_streams as s using (controller_id, case_id, topic)
    where p.next_attempt_at <= now()
        and (p.lease_until is null or p.lease_until < now())
        and (
            p.sequence <= s.last_sequence + 1
            or p.topic = any($2::text[])
            or exists (select from destroyed_cases as d where d.controller_id = p.controller_id and d.case_id = p.case_id)
        )
    order by p.next_attempt_at
    limit $3
    for update of p skip locked
)
update parked_events as p
set lease_token = $1, lease_until = now() + make_interval(secs => $4)
from due
where p.event_id = due.event_id
returning p.event_id, p.controller_id, p.topic, p.partition, p.log_offset, p.payload, p.attempts, p.sequence

-- name: unpark
-- The event is settled; only who holds the lease may say so.
delete from parked_events where event_id = $1 and lease_token = $2

-- name: postpone
-- It failed again: let it wait longer and give the lease back.
update parked_events
set
    reason = $3, attempts = attempts + $4, next_attempt_at = now() + make_interval(secs => $5),
    lease_token = null, lease_until = null
where event_id = $1 and lease_token = $2

-- name: controller_of_case
-- Whose case it is, where a record could not be read but has its key.
select controller_id from inbox_streams where case_id = $1 limit 1

-- name: find_aside
-- Whether these bytes are a dead letter already.
select dead_letter_id, state from dead_letters where controller_id = $1 and topic = $2 and fingerprint = $3

-- name: reopen
-- It was replayed, had to wait, and could not be taken after all.
update dead_letters set state = 'open', reason = $2, detail = $3, settled_at = null, settled_because = null
where dead_letter_id = $1

-- name: set_aside
-- Keep a record that cannot be taken; its bytes are sealed.
insert into dead_letters (
    dead_letter_id, controller_id, case_id, topic, partition, log_offset, event_id, event_type, sequence, fingerprint,
    reason, detail, raw_sealed
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- name: list_dead_letters
-- Dead letters, the oldest first, without their bytes.
select
    dead_letter_id, controller_id, case_id, topic, partition, log_offset, event_id, event_type, sequence, reason,
    detail, state, failed_at, settled_at, settled_because
from dead_letters
where $1 or state = 'open'
order by failed_at, dead_letter_id

-- name: lock_dead_letter
-- One dead letter for showing, replaying or discarding.
select * from dead_letters where dead_letter_id = $1 for update

-- name: settle_dead_letter
-- A person decided, or it was taken after all.
update dead_letters set state = $2, settled_at = now(), settled_because = $3
where dead_letter_id = $1 and state = 'open'

-- name: forget_event
-- A person let the event go: should it come again, it counts as handled.
insert into inbox (event_id, controller_id, case_id, topic, sequence) values ($1, $2, $3, $4, $5)
on conflict on constraint inbox_pkey do nothing

-- name: first_parked
-- The first event that waits in a stream.
select min(sequence) from parked_events where controller_id = $1 and case_id = $2 and topic = $3

-- name: purge_inbox
-- Forget what was handled longer ago than any topic or outbox keeps events.
with old as (
    select event_id from inbox where handled_at < now() - make_interval(days => $1) limit $2
)
delete from inbox using old where inbox.event_id = old.event_id

-- name: blocked_cases
-- Cases with an event that waits longer than a moment or is a dead letter: they need a person.
select controller_id, case_id from dead_letters where state = 'open'
union
select controller_id, case_id from parked_events where parked_at < now() - make_interval(secs => $1)

-- name: bus_state
-- Numbers for watching: what waits here, and since when.
select
    (select count(*) from parked_events) as parked_count,
    (select coalesce(extract(epoch from now() - min(parked_at)), 0) from parked_events) as oldest_parked_seconds,
    (select count(*) from dead_letters where state = 'open') as dead_letter_count,
    (select coalesce(sum(last_sequence - sent_sequence), 0) from streams where last_sequence > sent_sequence)
        as unsent_count,
    (
        select coalesce(extract(epoch from now() - min(o.created_at)), 0)
        from streams as s
        join outbox as o using (controller_id, case_id, topic)
        where s.last_sequence > s.sent_sequence and o.sequence = s.sent_sequence + 1
    ) as oldest_unsent_seconds
