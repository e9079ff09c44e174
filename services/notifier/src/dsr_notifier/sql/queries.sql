-- name: publish_controller
-- Keep the newest register of a controller; an older version changes nothing.
insert into controllers (controller_id, register_version, published)
values ($1, $2, $3::jsonb)
on conflict on constraint controllers_pkey do update
set register_version = excluded.register_version, published = excluded.published, published_at = now()
where controllers.register_version <= excluded.register_version

-- name: controller
-- The public register of a controller.
select published from controllers where controller_id = $1

-- name: count_daily
-- Count one more automatic letter to the address today, unless the limit is reached; no row means that it is.
insert into daily_letters (address_hash, day, letters)
values ($1, $2, 1)
on conflict on constraint daily_letters_pkey do update
set letters = daily_letters.letters + 1
where daily_letters.letters < $3
returning letters

-- name: forget_days
-- Remove counts that no limit needs any more.
delete from daily_letters where day < $1

-- name: request_letter
-- A letter that is due now; one that is known already is left alone.
insert into letters
    (letter_id, controller_id, case_id, event_id, correlation_id, traceparent, kind, language, is_automatic,
    content_sealed, state)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, 'requested')
on conflict on constraint letters_pkey do nothing
returning letter_id

-- name: turn_letter_away
-- A letter that will not be tried; its content is not kept.
insert into letters
    (letter_id, controller_id, case_id, event_id, correlation_id, traceparent, kind, language, is_automatic,
    state, failure, ended_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'failed', $10, now())
on conflict on constraint letters_pkey do nothing
returning letter_id

-- name: is_known
-- Whether the letter was requested before.
select exists (select 1 from letters where letter_id = $1)

-- name: delete_letters
-- Remove all letters of a case, with their attempts.
delete from letters where case_id = $1 and controller_id = $2

-- name: next_due
-- The letter that is due longest; letters that another worker holds are passed over.
select letter_id, controller_id, case_id, event_id, correlation_id, traceparent, kind, language, is_automatic,
    content_sealed, state, attempts, first_attempt_at, now() as now
from letters
where state in ('requested', 'unknown') and next_attempt_at <= now()
order by next_attempt_at
limit 1
for update skip locked

-- name: intend
-- Commit to an attempt: the letter is ours until the lease ends.
update letters
set state = $2, attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, now()), next_attempt_at = null,
    lease_token = $3, lease_until = now() + make_interval(secs => $4), is_waiting_for_server = false
where letter_id = $1

-- name: record_intent
-- What is about to be sent.
insert into letter_attempts (letter_id, number, controller_id, message_id, is_repeat) values ($1, $2, $3, $4, $5)

-- name: lock_leased
-- The letter, if the lease is still ours.
select letter_id, controller_id, case_id, event_id, correlation_id, kind, state, attempts, first_attempt_at,
    now() as now
from letters
where letter_id = $1 and lease_token = $2 and state in ('intended', 'repeating')
for update

-- name: next_expired
-- An intent without an outcome whose worker is gone; those that we hold ourselves are left out.
select letter_id, controller_id, case_id, event_id, correlation_id, kind, state, attempts, first_attempt_at,
    now() as now
from letters
where state in ('intended', 'repeating') and lease_until < now() and letter_id <> all($1::uuid[])
order by lease_until
limit 1
for update skip locked

-- name: record_outcome
-- What became of the attempt.
update letter_attempts set outcome = $3, smtp_code = $4, ended_at = now()
where letter_id = $1 and number = $2 and outcome is null

-- name: settle
-- The letter's new state; the content goes once its fate is known.
update letters
set state = $2, next_attempt_at = $3, failure = $4, smtp_code = $5, lease_token = null, lease_until = null,
    is_waiting_for_server = $6, first_attempt_at = coalesce(first_attempt_at, now()),
    ended_at = case when $2 in ('accepted', 'failed') then now() end,
    content_sealed = case when $2 in ('accepted', 'failed') then null else content_sealed end
where letter_id = $1

-- name: message_id
-- The Message-ID of the newest attempt.
select message_id from letter_attempts where letter_id = $1 order by number desc limit 1

-- name: hurry_waiting
-- The mail server is back: letters that waited for it are due now.
update letters set next_attempt_at = now(), is_waiting_for_server = false
where state in ('requested', 'unknown') and is_waiting_for_server
returning letter_id

-- name: count_by_state
-- How many letters stand where, and since when the oldest waits.
select state, count(*) as letters, extract(epoch from now() - min(requested_at))::float8 as oldest_seconds
from letters
where state not in ('accepted', 'failed')
group by state
