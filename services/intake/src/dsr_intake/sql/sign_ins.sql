-- name: case_of_link
-- The case of a link that somebody holds, as long as it still waits to know who asks.
SELECT case_id FROM challenges
WHERE $3 = 'verify' AND controller_id = $1 AND token_hash = $2 AND answered_at IS NULL AND expires_at > now()
UNION ALL
SELECT c.case_id FROM status_links l JOIN cases c USING (case_id)
WHERE $3 = 'status' AND l.controller_id = $1 AND l.token_hash = $2 AND c.stage = 'identifying'
  AND c.whose = 'self' AND c.withdrawn_at IS NULL;

-- name: begin
-- A sign-in begins; neither the state nor the browser's secret is kept, only their hashes.
INSERT INTO sign_ins (state_hash, controller_id, case_id, browser_hash, expires_at)
VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5));

-- name: take
-- Its answer counts once, in time, and from the browser that began; whatever follows, it is spent.
UPDATE sign_ins SET taken_at = now()
WHERE controller_id = $1 AND state_hash = $2 AND browser_hash = $3 AND taken_at IS NULL AND expires_at > now()
RETURNING case_id;

-- name: note_proof
-- It was proved who signed in; from here on the link alone does not open the status page.
UPDATE sign_ins SET proved_at = now()
WHERE controller_id = $1 AND state_hash = $2 AND proved_at IS NULL RETURNING proved_at;

-- name: delete_old
-- Sign-ins of past days that came to nothing.
DELETE FROM sign_ins WHERE proved_at IS NULL AND expires_at < now() - interval '1 day';

-- name: forget
-- Those of a case.
DELETE FROM sign_ins WHERE controller_id = $1 AND case_id = $2;
