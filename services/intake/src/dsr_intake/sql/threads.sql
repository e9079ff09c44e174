-- name: expect_reply
-- A letter went out; its answer belongs to the case.
INSERT INTO expected_replies (letter_id, controller_id, case_id, event_id, token_hash, token_sealed, recipient_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (letter_id) DO NOTHING;

-- name: cases_by_tokens
-- Cases and breaches whose reply address a mail was sent to.
SELECT DISTINCT r.case_id FROM expected_replies r LEFT JOIN cases c USING (case_id)
WHERE r.controller_id = $1 AND r.token_hash = ANY($2::text[]) AND c.stage IS DISTINCT FROM 'destroyed';

-- name: cases_by_letters
-- Cases and breaches whose letters a mail answers.
SELECT DISTINCT r.case_id FROM expected_replies r LEFT JOIN cases c USING (case_id)
WHERE r.controller_id = $1 AND r.letter_id = ANY($2::uuid[]) AND c.stage IS DISTINCT FROM 'destroyed';

-- name: letter_sent
-- The first of these ids that is a letter of ours.
SELECT letter_id, case_id FROM expected_replies
WHERE controller_id = $1 AND letter_id = ANY($2::uuid[]) ORDER BY array_position($2::uuid[], letter_id) LIMIT 1;

-- name: recipients
-- To whom the letters of a case went, as hashes keyed with the case's token.
SELECT event_id, token_sealed, recipient_hash FROM expected_replies WHERE controller_id = $1 AND case_id = $2;

-- name: case_as_known
-- What a case asks already, and whether it still runs; no row for a breach.
SELECT rights, stage NOT IN ('closed', 'destroyed') AS is_open FROM cases WHERE case_id = $1;

-- name: lock_message_id
-- Mails with one Message-ID are decided one after the other.
SELECT pg_advisory_xact_lock(hashtextextended($1 || $2, 1));

-- name: same_message_id
-- Mails that came with this Message-ID and were read, the one that stands for its copies first.
SELECT arrival_id, case_id, copy_hash, received_at, state, kind, keep_until IS NOT NULL AS is_noise FROM arrivals
WHERE controller_id = $1 AND message_id_hash = $2 AND arrival_id <> $3 AND state <> 'stored' AND copy_of IS NULL
ORDER BY received_at, arrival_id FOR UPDATE;

-- name: note_copy
-- What a copy of this mail would be known by.
UPDATE arrivals SET message_id_hash = $2, copy_hash = $3 WHERE arrival_id = $1;

-- name: mark_copy
-- The same mail again: kept beside the one that stands for it, and no longer than that one.
UPDATE arrivals a SET state = 'read', read_at = now(), lease_token = NULL, lease_until = NULL, case_id = o.case_id,
    copy_of = o.arrival_id, kind = 'copy', language = o.language,
    keep_until = CASE WHEN o.state = 'destroyed' THEN now() + make_interval(days => $3::int) ELSE o.keep_until END
FROM arrivals o WHERE a.arrival_id = $1 AND o.arrival_id = $2;

-- name: receive_earlier
-- The earliest receipt counts; nothing comes back where this one is not earlier.
UPDATE arrivals SET received_at = $2 WHERE arrival_id = $1 AND received_at > $2
RETURNING case_id, state = 'read' AND keep_until IS NULL AS was_told;

-- name: standing_for
-- The arrival that stands for a copy, or the arrival itself.
SELECT coalesce(copy_of, arrival_id) FROM arrivals WHERE arrival_id = $1;

-- name: case_receive_earlier
-- The public pages count from there too.
UPDATE cases SET received_at = $2, due_on = least(due_on, $3::date) WHERE case_id = $1 AND received_at > $2;

-- name: add_attachment
-- A sealed file goes with the case.
INSERT INTO mail_attachments (attachment_id, controller_id, case_id, blob_name) VALUES ($1, $2, $3, $4);

-- name: known_attachments
-- Which of these blobs belong to a case.
SELECT blob_name FROM mail_attachments WHERE blob_name = ANY($1::text[]);

-- name: forget_attachments
-- After the key is gone the sealed bytes serve nobody.
DELETE FROM mail_attachments WHERE controller_id = $1 AND case_id = $2 RETURNING blob_name;

-- name: forget_replies
-- Letters of the case are no longer answered here.
DELETE FROM expected_replies WHERE controller_id = $1 AND case_id = $2;
