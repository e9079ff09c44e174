-- name: lock_raw
-- Two readers of the same bytes come one after the other.
SELECT pg_advisory_xact_lock(hashtextextended($1 || $2, 0));

-- name: find_raw
-- Whether the bytes lie here already.
SELECT arrival_id FROM arrivals WHERE controller_id = $1 AND raw_sha256 = $2 FOR UPDATE;

-- name: store_arrival
-- Bytes as they arrived, unread.
INSERT INTO arrivals (arrival_id, controller_id, case_id, channel, state, received_at, raw_sha256, key_id,
                      raw_sealed, raw_blob, position, problem, traceparent)
VALUES ($1, $2, $1, $3, 'stored', $4, $5, $6, $7, $8, $9, $10, $11);

-- name: store_form_requests
-- Forms are read when they are posted; with each, what its status page shows. A second post of one changes nothing.
WITH given AS (
    SELECT * FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::jsonb[], $10::text[],
                         $11::text[], $12::bool[], $13::text[], $14::text[], $15::text[], $16::text[])
        AS g (arrival_id, case_id, channel, raw_sha256, key_id, raw_sealed, language,
              sender_hash, is_flood, token_hash, rights, whose, first_letter)
), arrived AS (
    INSERT INTO arrivals (arrival_id, controller_id, case_id, channel, state, received_at, raw_sha256, key_id,
                          raw_sealed, kind, language, sender_hash, is_flood, read_at)
    SELECT arrival_id, $1, case_id, channel, 'read', $2, raw_sha256, key_id,
           raw_sealed, 'request', language, sender_hash, is_flood, $2 FROM given
    ON CONFLICT DO NOTHING
    RETURNING arrival_id
), linked AS (
    INSERT INTO status_links (token_hash, controller_id, case_id)
    SELECT token_hash, $1, case_id FROM given JOIN arrived USING (arrival_id)
), opened AS (
    INSERT INTO cases (case_id, controller_id, stage, rights, language, received_at, due_on, whose, first_letter)
    SELECT case_id, $1, 'received', string_to_array(rights, ' '), language, $2, $3::date, whose, first_letter
    FROM given JOIN arrived USING (arrival_id)
    ON CONFLICT (case_id) DO NOTHING
)
SELECT arrival_id FROM arrived;

-- name: claim_arrivals
-- Takes unread arrivals for one worker until the lease ends.
UPDATE arrivals SET lease_token = $1, lease_until = now() + make_interval(secs => $2), attempts = attempts + 1
WHERE arrival_id IN (
    SELECT arrival_id FROM arrivals
    WHERE state = 'stored' AND (lease_until IS NULL OR lease_until < now())
    ORDER BY stored_at LIMIT $3 FOR UPDATE SKIP LOCKED
)
RETURNING arrival_id, controller_id, channel, received_at, raw_sha256, key_id, lease_token, attempts, problem, traceparent;

-- name: hold_lease
-- Whether the claim still stands; the row stays locked until the decision is committed.
SELECT received_at FROM arrivals
WHERE arrival_id = $1 AND lease_token = $2 AND state = 'stored' FOR UPDATE;

-- name: raw_of
-- The sealed bytes of one arrival.
SELECT raw_sealed, raw_blob FROM arrivals WHERE arrival_id = $1;

-- name: mark_read
-- The decision about one arrival; noise is kept for its days, everything else with its case.
UPDATE arrivals SET state = 'read', read_at = now(), lease_token = NULL, lease_until = NULL,
    case_id = $2, kind = $3, language = $4, sender_hash = $5, is_flood = $6, problem = $7,
    keep_until = CASE WHEN $8::int IS NULL THEN NULL ELSE now() + make_interval(days => $8::int) END
WHERE arrival_id = $1;

-- name: give_back
-- Lets another attempt happen after a pause.
UPDATE arrivals SET lease_token = NULL, lease_until = now() + make_interval(secs => $3)
WHERE arrival_id = $1 AND lease_token = $2;

-- name: case_by_reference
-- The case that a reference names, if it still has its data.
SELECT case_id FROM cases WHERE controller_id = $1 AND reference = $2 AND stage <> 'destroyed';

-- name: case_by_message_ids
-- The case whose mails carried one of these Message-IDs.
SELECT t.case_id FROM mail_threads t JOIN cases c USING (case_id)
WHERE t.controller_id = $1 AND t.message_id_hash = ANY($2::text[]) AND c.stage <> 'destroyed' LIMIT 1;

-- name: wrote_for_case
-- Whether an address wrote in this case before.
SELECT EXISTS (SELECT FROM arrivals WHERE controller_id = $1 AND case_id = $2 AND sender_hash = $3);

-- name: requests_of_day
-- How many requests each of some addresses sent on a day, and the case that already collects its surplus.
SELECT sender_hash, count(*) FILTER (WHERE kind = 'request' AND NOT is_flood) AS requests,
       (array_agg(case_id) FILTER (WHERE is_flood))[1] AS flood_case_id
FROM arrivals WHERE controller_id = $1 AND sender_hash = ANY($2::text[])
  AND received_at >= date_trunc('day', coalesce($3::timestamptz, now()), 'Europe/Helsinki')
  AND received_at < date_trunc('day', coalesce($3::timestamptz, now()), 'Europe/Helsinki') + interval '25 hours'
GROUP BY sender_hash;

-- name: add_thread
-- Remembers a mail's Message-ID for answers to it.
INSERT INTO mail_threads (controller_id, message_id_hash, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: old_noise
-- Mail that was no request, after its days.
SELECT arrival_id, controller_id, raw_blob FROM arrivals WHERE keep_until < now() LIMIT 500 FOR UPDATE SKIP LOCKED;

-- name: delete_arrival
-- An arrival that nothing refers to.
DELETE FROM arrivals WHERE arrival_id = $1;

-- name: open_case
-- What intake knows of a case before fulfilment says more.
INSERT INTO cases (case_id, controller_id, stage, rights, language, received_at, due_on, extended_due_on)
VALUES ($1, $2, 'received', $3, $4, $5, $6, NULL) ON CONFLICT (case_id) DO NOTHING;

-- name: add_status_link
-- A token that shows the case's page.
INSERT INTO status_links (token_hash, controller_id, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: set_case_stage
-- The newest public state of a case.
INSERT INTO cases (case_id, controller_id, reference, stage, rights, language, received_at, due_on, extended_due_on,
                   kept, reached, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, jsonb_build_object($4::text, $11::timestamptz), $11)
ON CONFLICT (case_id) DO UPDATE SET reference = $3, stage = $4, rights = $5, language = $6, received_at = $7,
    due_on = $8, extended_due_on = $9, kept = $10, changed_at = $11,
    reached = jsonb_build_object($4::text, $11::timestamptz) || cases.reached;

-- name: case_by_status_token
-- The case that a status link shows.
SELECT c.* FROM status_links l JOIN cases c USING (case_id) WHERE l.controller_id = $1 AND l.token_hash = $2;

-- name: package_of_case
-- The newest package of a case that can still be fetched.
SELECT expires_at, downloaded_at FROM packages
WHERE controller_id = $1 AND case_id = $2 AND deleted_at IS NULL AND expires_at > now()
ORDER BY expires_at DESC LIMIT 1;

-- name: add_challenge
-- A link was sent; only the hash of its token is known here.
INSERT INTO challenges (challenge_id, controller_id, case_id, token_hash, expires_at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (challenge_id) DO NOTHING;

-- name: challenge_by_token
-- The challenge of a token, whether it can still be answered, and whether it was.
SELECT challenge_id, case_id, answered_at, expires_at > now() AS is_open FROM challenges
WHERE controller_id = $1 AND token_hash = $2;

-- name: answer_challenge
-- Once: a second press of the button finds nothing to change.
UPDATE challenges SET answered_at = now()
WHERE controller_id = $1 AND token_hash = $2 AND answered_at IS NULL AND expires_at > now()
RETURNING challenge_id, case_id, answered_at;

-- name: add_package
-- A sealed package can be fetched.
INSERT INTO packages (package_id, controller_id, case_id, token_hash, blob, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (package_id) DO UPDATE SET token_hash = $4, blob = $5, expires_at = $6, deleted_at = NULL;

-- name: set_download_code
-- A fresh code replaces the one before it.
UPDATE packages SET code_hash = $2, code_expires_at = $3, code_tries_left = $4 WHERE package_id = $1;

-- name: delete_package
-- The package is gone.
UPDATE packages SET deleted_at = $2, code_hash = NULL WHERE package_id = $1;

-- name: package_by_token
-- The package of a link, as long as it can be fetched.
SELECT package_id, case_id, blob, expires_at, code_hash IS NOT NULL AND code_expires_at > now() AS has_code
FROM packages
WHERE controller_id = $1 AND token_hash = $2 AND deleted_at IS NULL AND expires_at > now();

-- name: ask_code
-- Counts the codes of the last hour; nothing comes back when there were too many.
UPDATE packages SET codes_asked_at =
    ARRAY(SELECT asked FROM unnest(codes_asked_at) asked WHERE asked > now() - interval '1 hour') || now()
WHERE package_id = $1
  AND (SELECT count(*) FROM unnest(codes_asked_at) asked WHERE asked > now() - interval '1 hour') < $2
RETURNING now() AS asked_at;

-- name: spend_try
-- Takes one of the tries before the code is compared, so that no crash gives one back.
UPDATE packages SET code_tries_left = code_tries_left - 1
WHERE package_id = $1 AND code_hash IS NOT NULL AND code_expires_at > now() AND code_tries_left > 0
RETURNING code_hash, code_tries_left;

-- name: use_code
-- A right code opens the package once.
UPDATE packages SET code_hash = NULL, code_expires_at = NULL, code_tries_left = NULL
WHERE package_id = $1 AND code_hash = $2 RETURNING package_id;

-- name: mark_downloaded
-- The whole package was handed over.
UPDATE packages SET downloaded_at = coalesce(downloaded_at, now()) WHERE package_id = $1 RETURNING now() AS at;

-- name: publish_controller
-- The newest public register; an older version changes nothing.
INSERT INTO controllers (controller_id, register_version, register) VALUES ($1, $2, $3)
ON CONFLICT (controller_id) DO UPDATE SET register_version = $2, register = $3, published_at = now()
WHERE controllers.register_version <= $2;

-- name: controller
-- The public register of one controller.
SELECT register FROM controllers WHERE controller_id = $1;

-- name: arrivals_of_case
-- Everything that arrived for a case, each with a key of its own.
SELECT arrival_id, raw_blob FROM arrivals WHERE controller_id = $1 AND case_id = $2 AND state <> 'destroyed';

-- name: empty_arrivals
-- The sealed bytes go; the hash stays, so that the same mail is not taken for a new one.
UPDATE arrivals SET state = 'destroyed', raw_sealed = NULL, raw_blob = NULL, sender_hash = NULL, position = NULL
WHERE controller_id = $1 AND case_id = $2;

-- name: forget_threads
-- Mails of the case are no longer recognised.
DELETE FROM mail_threads WHERE controller_id = $1 AND case_id = $2;

-- name: forget_challenges
-- Links of the case that proved an address.
DELETE FROM challenges WHERE controller_id = $1 AND case_id = $2;

-- name: forget_packages
-- Packages of the case.
DELETE FROM packages WHERE controller_id = $1 AND case_id = $2;

-- name: close_case
-- The status page still says that the case is closed and its data destroyed.
UPDATE cases SET stage = 'destroyed', kept = '[]', rights = '{}', reached = '{}', changed_at = $3
WHERE controller_id = $1 AND case_id = $2;

-- name: count_visit
-- One more visit of an address in this hour; returns how many there were.
INSERT INTO visits (controller_id, what, address_hash, hour, count)
VALUES ($1, $2, $3, date_trunc('hour', now()), 1)
ON CONFLICT ON CONSTRAINT visits_pk DO UPDATE SET count = visits.count + 1
RETURNING count;

-- name: delete_old_visits
-- Counters of past days.
DELETE FROM visits WHERE hour < now() - interval '2 days';

-- name: waiting_arrivals
-- How many arrivals wait to be read, for the metrics.
SELECT count(*) FROM arrivals WHERE state = 'stored';
