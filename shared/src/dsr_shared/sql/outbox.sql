-- name: next_sequence
-- Take the stream's row lock and its next sequence; others that append to this case and topic wait for our commit.
insert into streams (controller_id, case_id, topic, last_sequence) values ($1, $2, $3, 1)
on conflict on constraint streams_pkey do update set last_sequence = streams.last_sequence + 1
returning last_sequence, now() as occurred_at

-- name: append
-- Store the envelope in the transaction of the effect.
insert into outbox
    (event_id, controller_id, topic, case_id, sequence, event_type, event_version, traceparent, payload)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
