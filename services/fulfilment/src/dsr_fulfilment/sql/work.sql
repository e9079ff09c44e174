-- name: add_job
-- Something the machine does next; a waiting one of the same kind is enough.
INSERT INTO jobs (job_id, controller_id, case_id, kind, not_before, traceparent)
VALUES ($1, $2, $3, $4, coalesce($5, now()), $6)
ON CONFLICT (case_id, kind) WHERE done_at IS NULL AND lease_token IS NULL
DO UPDATE SET not_before = least(jobs.not_before, excluded.not_before);

-- name: claim_job
-- One due job, for as long as the lease lasts; never two of one case at once.
UPDATE jobs SET lease_token = $1, lease_until = now() + $2::interval, attempts = attempts + 1
WHERE job_id = (
    SELECT j.job_id FROM jobs j
    WHERE j.done_at IS NULL AND j.not_before <= now() AND (j.lease_until IS NULL OR j.lease_until < now())
      AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.case_id = j.case_id AND o.job_id <> j.job_id
                      AND o.done_at IS NULL AND o.lease_until >= now())
    ORDER BY j.not_before, j.created_at
    LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING job_id, controller_id, case_id, kind, attempts, traceparent;

-- name: renew_job
-- The holder still works on it.
UPDATE jobs SET lease_until = now() + $3::interval WHERE job_id = $1 AND lease_token = $2 AND done_at IS NULL;

-- name: finish_job
-- Only the holder of the lease may say that it is done.
UPDATE jobs SET done_at = now(), lease_token = NULL, lease_until = NULL WHERE job_id = $1 AND lease_token = $2;

-- name: postpone_job
-- It failed; it is tried again, and the reason is a code without personal data.
UPDATE jobs SET not_before = now() + $3::interval, lease_until = NULL, last_error = $4
WHERE job_id = $1 AND lease_token = $2;

-- name: cancel_jobs
-- The case no longer wants them.
UPDATE jobs SET done_at = now() WHERE case_id = $1 AND kind = $2 AND done_at IS NULL AND lease_token IS NULL;

-- name: add_task
-- Something a person must do; the same task of a case is never there twice.
INSERT INTO tasks (task_id, controller_id, case_id, kind, system, purpose, due_on)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT ON CONSTRAINT tasks_once DO NOTHING;

-- name: load_task
-- One task, held until the transaction ends.
SELECT * FROM tasks WHERE task_id = $1 FOR UPDATE;

-- name: finish_task
-- Who did it, with what outcome and proof.
UPDATE tasks SET done_at = now(), done_by = $2, outcome = $3, proof_sealed = $4
WHERE task_id = $1 AND done_at IS NULL RETURNING *;

-- name: finish_tasks_of_kind
-- The case moved on by another way.
UPDATE tasks SET done_at = now(), done_by = $3, outcome = $4 WHERE case_id = $1 AND kind = $2 AND done_at IS NULL;

-- name: tasks_of_case
-- All tasks of a case, in the order they came up.
SELECT * FROM tasks WHERE case_id = $1 ORDER BY created_at, kind;

-- name: add_letter
-- A letter that was asked of the notifier.
INSERT INTO letters (letter_id, controller_id, case_id, kind, language) VALUES ($1, $2, $3, $4, $5);

-- name: letter_accepted
-- The mail server took it; what bounced before we heard of that stays failed.
UPDATE letters SET state = 'accepted', accepted_at = $2, message_id = $3, is_repeat = $4
WHERE letter_id = $1 AND state <> 'accepted' AND failure IS DISTINCT FROM 'bounced'
RETURNING case_id, kind, accepted_at;

-- name: letter_failed
-- It will not arrive; a bounce tells so after the mail server had taken it.
UPDATE letters SET state = 'failed', failed_at = $2, failure = $3
WHERE letter_id = $1 AND way = 'mail' AND (state = 'requested' OR (state = 'accepted' AND $3 = 'bounced'))
RETURNING case_id, kind;

-- name: letter_told_otherwise
-- The person heard it in another way; the task's note says how.
UPDATE letters SET state = 'told_otherwise'
WHERE letter_id = (SELECT purpose::uuid FROM tasks WHERE task_id = $1) AND state = 'failed' RETURNING kind;

-- name: keep_letter
-- What it says, for the post or for sending it once more.
UPDATE letters SET content_sealed = $2, way = $3 WHERE letter_id = $1;

-- name: kept_letter
-- One letter of a case, with what it says.
SELECT * FROM letters WHERE case_id = $1 AND letter_id = $2 FOR UPDATE;

-- name: letter_resent
-- It failed, or nobody posted it, and goes out once more as another letter.
UPDATE letters SET state = 'resent'
WHERE letter_id = $1 AND (state = 'failed' OR (state = 'requested' AND way = 'post')) RETURNING kind;

-- name: letter_posted
-- Somebody brought it to the post.
UPDATE letters SET state = 'accepted', accepted_at = $2
WHERE letter_id = $1 AND way = 'post' AND state = 'requested' RETURNING kind;

-- name: letters_of_case
-- All letters of a case, oldest first.
SELECT * FROM letters WHERE case_id = $1 ORDER BY requested_at;

-- name: last_evidence
-- The end of the chain; the case's row lock keeps two writers apart.
SELECT position, mark FROM evidence WHERE case_id = $1 ORDER BY position DESC LIMIT 1;

-- name: lock_chain
-- One writer at a time for each chain.
SELECT pg_advisory_xact_lock(hashtextextended($1::text, 7));

-- name: add_evidence
-- Only ever added.
INSERT INTO evidence (controller_id, case_id, position, occurred_at, kind, facts, previous_mark, mark, signature)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: chain_of_case
-- The whole chain, for checking and showing.
SELECT * FROM evidence WHERE case_id = $1 ORDER BY position;

-- name: reminder_fired
-- True only the first time, however long the machine was down.
INSERT INTO reminders (controller_id, case_id, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING kind;

-- name: open_cases
-- Everything that is not final, whatever its state; nothing due hides.
SELECT * FROM cases WHERE closed_at IS NULL ORDER BY received_at, case_id;

-- name: fired_reminders
-- What already fired for a case.
SELECT kind FROM reminders WHERE case_id = $1;
