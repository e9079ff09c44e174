-- name: next_sequence
-- Take the stream's row lock and its next sequence; others that append to this case and topic wait for our commit.
insert into streams (controller_id, case_id, topic, last_sequence) values ($1, $2, $3, 1)
on conflict on constraint streams_pkey do update set last_sequence = streams.last_sequence + 1
returning last_sequence

-- name: append
-- Store the envelope in the transaction of the effect.
insert into outbox
    (event_id, controller_id, topic, case_id, sequence, event_type, event_version, traceparent, payload)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: append_first
-- Open the streams of new cases and store the first envelope of each.
with given as (
    select * from unnest(
        $1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::bigint[], $6::text[], $7::integer[], $8::text[], $9::bytea[]
    ) as g (event_id, controller_id, topic, case_id, sequence, event_type, event_version, traceparent, payload)
),
opened as (
    insert into streams (controller_id, case_id, topic, last_sequence)
    select controller_id, case_id, topic, sequence from given
)
insert into outbox
    (event_id, controller_id, topic, case_id, sequence, event_type, event_version, traceparent, payload)
select * from given

-- name: append_next
-- Store the next envelope of a stream whose lock this transaction holds already.
with moved as (
    update streams set last_sequence = $5 where controller_id = $2 and case_id = $4 and topic = $3
)
insert into outbox
    (event_id, controller_id, topic, case_id, sequence, event_type, event_version, traceparent, payload)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: claim_streams
-- Lease streams that have something to send; those that failed wait until their lease ends.
with due as (
    select controller_id, case_id, topic from streams
    where last_sequence > sent_sequence and (lease_until is null or lease_until < now())
    order by lease_until nulls first
    limit $2
    for update skip locked
)
update streams as s
set lease_token = $1, lease_until = now() + make_interval(secs => $3)
from due
where s.controller_id = due.controller_id and s.case_id = due.case_id and s.topic = due.topic

-- name: unsent
-- The next events of the leased streams, in order within each; no stream takes the whole batch.
select o.controller_id, o.case_id, o.topic, o.sequence, o.event_type, o.event_version, o.traceparent, o.payload
from streams as s
cross join lateral (
    select * from outbox as o
    where o.controller_id = s.controller_id and o.case_id = s.case_id and o.topic = s.topic
        and o.sequence > s.sent_sequence
    order by o.sequence
    limit $2
) as o
where s.lease_token = $1

-- name: mark_sent
-- Move the streams on and give their leases back, but only with the lease token under which they were sent.
with done as (
    select * from unnest($2::text[], $3::uuid[], $4::text[], $5::bigint[]) as d (controller_id, case_id, topic, sequence)
),
moved as (
    update streams as s
    set sent_sequence = d.sequence, lease_token = null, lease_until = null
    from done as d
    where s.controller_id = d.controller_id and s.case_id = d.case_id and s.topic = d.topic and s.lease_token = $1
    returning s.controller_id, s.case_id, s.topic, s.sent_sequence
),
marked as (
    update outbox as o set sent_at = now()
    from moved as m
    where o.controller_id = m.controller_id and o.case_id = m.case_id and o.topic = m.topic
        and o.sequence <= m.sent_sequence and o.sent_at is null
)
select count(*) from moved

-- name: postpone_streams
-- What could not be sent waits a while; others that can be sent go first.
update streams set lease_token = null, lease_until = now() + make_interval(secs => $2) where lease_token = $1

-- name: republish
-- Send again what was written since a time: the log, or a part of it, was lost.
with wanted as (
    select controller_id, case_id, topic, min(sequence) as first_sequence, count(*) as events
    from outbox where created_at >= $1
    group by controller_id, case_id, topic
),
reset as (
    update streams as s
    set sent_sequence = least(s.sent_sequence, w.first_sequence - 1), lease_token = null, lease_until = null
    from wanted as w
    where s.controller_id = w.controller_id and s.case_id = w.case_id and s.topic = w.topic
    returning w.events
)
select coalesce(sum(events), 0)::bigint from reset

-- name: purge_outbox
-- Forget what was sent long ago. The newest event of a compacted topic's stream stays: a lost log is rebuilt from it.
with old as (
    select o.event_id
    from outbox as o
    join streams as s using (controller_id, case_id, topic)
    where o.sent_at < now() - make_interval(days => $1)
        and o.sequence <= s.sent_sequence
        and not (o.topic = any($2::text[]) and o.sequence = s.last_sequence)
    limit $3
)
delete from outbox using old where outbox.event_id = old.event_id
