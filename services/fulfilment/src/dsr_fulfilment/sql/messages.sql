-- name: note_origin
-- What the arrival tells about its sender, and the case it hangs together with.
UPDATE cases SET sender_evidence = $2, linked_case_id = $3, is_automatic = $4 WHERE case_id = $1;

-- name: note_message
-- Likewise for something that came later.
UPDATE case_messages SET arrival_id = $2, sender_evidence = $3, is_changed_copy = $4 WHERE message_id = $1;

-- name: mark_look_alike
-- The writer's domain imitates the one on file.
UPDATE cases SET sender_evidence = coalesce(sender_evidence, '{"spf": "none", "dkim": "none", "dmarc": "none",
    "is_display_name_spoofed": false}'::jsonb) || '{"is_look_alike": true}'::jsonb
WHERE case_id = $1;

-- name: add_attachment
-- A file that came with a message; its bytes lie sealed in the blob store.
INSERT INTO case_attachments (attachment_id, controller_id, case_id, message_id, position, media_type, blob)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (attachment_id) DO NOTHING;

-- name: attachments_of_case
-- In the order they came.
SELECT attachment_id, message_id, position, media_type, blob FROM case_attachments
WHERE case_id = $1 ORDER BY message_id, position;

-- name: attachment
-- One of them.
SELECT attachment_id, message_id, position, media_type, blob FROM case_attachments
WHERE case_id = $1 AND attachment_id = $2;

-- name: forget_attachments
-- After the key is gone the sealed bytes serve nobody.
DELETE FROM case_attachments WHERE case_id = $1 RETURNING blob;

-- name: sender_evidence_of_messages
-- What speaks for the senders of what came later, by message.
SELECT message_id, sender_evidence, is_changed_copy FROM case_messages WHERE case_id = $1;

-- name: linked_cases
-- The case or breach this one came from, and those that came from this one.
SELECT reference, rights, case_id = $2 AS is_origin, false AS is_breach, received_at AS began_at
FROM cases WHERE case_id = $2 OR linked_case_id = $1
UNION ALL
SELECT reference, '{}', true, true, aware_at FROM breaches WHERE breach_id = $2
ORDER BY began_at, reference;

-- name: answers_about
-- Cases that came as answers to the letters of a breach.
SELECT reference FROM cases WHERE linked_case_id = $1 ORDER BY received_at, case_id;

-- name: correct_receipt
-- An earlier copy turned up: the clock runs from there, and is never moved on.
UPDATE cases SET received_at = $2, due_on = least(due_on, $3::date),
    extended_due_on = least(extended_due_on, CASE WHEN extended_due_on IS NULL THEN NULL ELSE $4::date END)
WHERE case_id = $1 AND received_at > $2 RETURNING *;

-- name: correct_message_receipt
-- Likewise for something that came later.
UPDATE case_messages SET received_at = $3 WHERE case_id = $1 AND arrival_id = $2 AND received_at > $3;

-- name: bring_tasks_forward
-- Open tasks are due with the case.
UPDATE tasks SET due_on = $2 WHERE case_id = $1 AND done_at IS NULL AND due_on > $2;

-- name: set_withdrawn
-- The person took the request back; the first time counts.
UPDATE cases SET withdrawn_at = coalesce(withdrawn_at, $2), needs_person = 'withdrawn' WHERE case_id = $1 RETURNING *;

-- name: clear_withdrawn
-- The person wants it after all.
UPDATE cases SET withdrawn_at = NULL, needs_person = NULL WHERE case_id = $1 RETURNING *;

-- name: finish_all_tasks
-- Nothing is left to do in a case that was taken back.
UPDATE tasks SET done_at = now(), done_by = $2, outcome = $3 WHERE case_id = $1 AND done_at IS NULL;

-- name: cancel_all_jobs
-- Likewise for the machine; one that runs finds the case closed.
UPDATE jobs SET done_at = now() WHERE case_id = $1 AND done_at IS NULL AND lease_token IS NULL;
