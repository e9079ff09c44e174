-- name: status_of_token
-- The case that a status link shows, and whether a code is needed: once an address or a person was proved, the link alone
-- is not enough.
SELECT c.*, l.code_hash IS NOT NULL AND l.code_expires_at > now() AS has_code,
       EXISTS (SELECT FROM challenges h WHERE h.controller_id = c.controller_id AND h.case_id = c.case_id
                                          AND h.answered_at IS NOT NULL)
       OR EXISTS (SELECT FROM sign_ins s WHERE s.controller_id = c.controller_id AND s.case_id = c.case_id
                                           AND s.proved_at IS NOT NULL) AS needs_code
FROM status_links l JOIN cases c USING (case_id) WHERE l.controller_id = $1 AND l.token_hash = $2;

-- name: add_letter_sent
-- A letter that a mail server took.
INSERT INTO letters_sent (letter_id, controller_id, case_id, kind, sent_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (letter_id) DO NOTHING;

-- name: letters_of_case
-- What was sent in a case, the newest first.
SELECT kind, sent_at FROM letters_sent WHERE controller_id = $1 AND case_id = $2 ORDER BY sent_at DESC LIMIT 50;

-- name: ask_status_code
-- Counts the codes of the last hour; nothing comes back when there were too many.
UPDATE status_links SET codes_asked_at =
    ARRAY(SELECT asked FROM unnest(codes_asked_at) asked WHERE asked > now() - interval '1 hour') || now()
WHERE controller_id = $1 AND token_hash = $2
  AND (SELECT count(*) FROM unnest(codes_asked_at) asked WHERE asked > now() - interval '1 hour') < $3
RETURNING now() AS asked_at;

-- name: set_status_code
-- A fresh code replaces the one before it.
UPDATE status_links SET code_hash = $3, code_expires_at = $4, code_tries_left = $5
WHERE controller_id = $1 AND token_hash = $2;

-- name: spend_status_try
-- Takes one of the tries before the code is compared, so that no crash gives one back.
UPDATE status_links SET code_tries_left = code_tries_left - 1
WHERE controller_id = $1 AND token_hash = $2 AND code_hash IS NOT NULL AND code_expires_at > now()
  AND code_tries_left > 0
RETURNING code_hash, code_tries_left;

-- name: use_status_code
-- A right code counts once.
UPDATE status_links SET code_hash = NULL, code_expires_at = NULL, code_tries_left = NULL
WHERE controller_id = $1 AND token_hash = $2;

-- name: store_form_message
-- More that a person wrote on the status page; a second post of it changes nothing.
INSERT INTO arrivals (arrival_id, controller_id, case_id, channel, state, received_at, raw_sha256, key_id,
                      raw_sealed, kind, language, read_at)
VALUES ($1, $2, $3, 'form', 'read', $4, $5, $6, $7, 'follow_up', $8, $4)
ON CONFLICT DO NOTHING RETURNING arrival_id;

-- name: has_arrival
-- Whether a form was sent before.
SELECT EXISTS (SELECT FROM arrivals WHERE controller_id = $1 AND arrival_id = $2);

-- name: withdraw_case
-- The person takes the request back, once.
UPDATE cases SET withdrawn_at = now()
WHERE controller_id = $1 AND case_id = $2 AND withdrawn_at IS NULL AND stage NOT IN ('closed', 'destroyed')
RETURNING withdrawn_at;

-- name: add_form_file
-- A sealed file that waits to be sent; nothing comes back where one tray got too many.
INSERT INTO form_files (file_id, controller_id, tray_id, blob_name, keep_until)
SELECT $1, $2, $3, $4, now() + make_interval(secs => $5)
WHERE (SELECT count(*) FROM form_files WHERE controller_id = $2 AND tray_id = $3) < $6
RETURNING file_id;

-- name: drop_form_file
-- A file that the person took out again before it was sent.
DELETE FROM form_files WHERE controller_id = $1 AND tray_id = $2 AND file_id = $3 AND case_id IS NULL
RETURNING blob_name;

-- name: claim_form_files
-- The files of a tray belong to a case from here on.
UPDATE form_files SET case_id = $3, keep_until = NULL
WHERE controller_id = $1 AND tray_id = $2 AND file_id = ANY($4::uuid[]) AND case_id IS NULL AND keep_until > now()
RETURNING file_id;

-- name: move_form_file
-- A file that was sealed anew lies under another name.
UPDATE form_files SET blob_name = $3 WHERE controller_id = $1 AND file_id = $2;

-- name: old_form_files
-- Files that nobody sent.
DELETE FROM form_files WHERE file_id IN (
    SELECT file_id FROM form_files WHERE keep_until < now() LIMIT 200 FOR UPDATE SKIP LOCKED
) RETURNING blob_name;

-- name: known_form_files
-- Which of these blobs belong to a file.
SELECT blob_name FROM form_files WHERE blob_name = ANY($1::text[]);

-- name: forget_form_files
-- The files of a case.
DELETE FROM form_files WHERE controller_id = $1 AND case_id = $2 RETURNING blob_name;

-- name: forget_letters_sent
-- The letters of a case.
DELETE FROM letters_sent WHERE controller_id = $1 AND case_id = $2;

-- name: forget_codes
-- Codes of the case's status links.
UPDATE status_links SET code_hash = NULL, code_expires_at = NULL, code_tries_left = NULL, codes_asked_at = '{}'
WHERE controller_id = $1 AND case_id = $2;
