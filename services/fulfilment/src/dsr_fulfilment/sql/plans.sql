-- name: add_plan
-- What would be erased and kept; nothing happens before a person approves it.
INSERT INTO plans (plan_id, controller_id, case_id, state, hash, items_sealed) VALUES ($1, $2, $3, 'proposed', $4, $5);

-- name: add_plan_item
-- One item of a plan, without its key or values: those lie sealed in the plan.
INSERT INTO plan_items (controller_id, plan_id, position, system, table_name, category, action, is_redacted, needed_by,
                        ground, kept_until, erase_from, document_date)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: living_plan
-- The plan that counts.
SELECT * FROM plans WHERE case_id = $1 AND state IN ('proposed', 'approved', 'executing') FOR UPDATE;

-- name: latest_plan
-- The newest plan of a case, whatever became of it.
SELECT * FROM plans WHERE case_id = $1 ORDER BY created_at DESC LIMIT 1;

-- name: outdated_plans
-- Those that were begun, oldest first.
SELECT * FROM plans WHERE case_id = $1 AND state = 'outdated' ORDER BY created_at;

-- name: forget_outcomes
-- These items are told of by a later plan.
UPDATE plan_items SET outcome = NULL WHERE plan_id = $1 AND position = ANY($2::int[]);

-- name: set_plan_state
-- The plan moved on.
UPDATE plans SET state = $2, executed_at = CASE WHEN $2 = 'done' THEN now() ELSE executed_at END WHERE plan_id = $1;

-- name: approve_plan
-- Approved exactly as it was shown: the hash must be the one the person saw.
UPDATE plans SET state = 'approved', approved_at = now(), approved_by = $2, execute_after = $4
WHERE plan_id = $1 AND state = 'proposed' AND hash = $3 RETURNING *;

-- name: withdraw_approval
-- Taken back while it still waits.
UPDATE plans SET state = 'proposed', approved_at = NULL, approved_by = NULL, execute_after = NULL
WHERE plan_id = $1 AND state = 'approved' RETURNING *;

-- name: set_item_outcome
-- What became of one item.
UPDATE plan_items SET outcome = $3, detail = $4 WHERE plan_id = $1 AND position = $2;

-- name: set_intent
-- The intent is committed before the act; until the outcome is known it is unknown.
WITH executing AS (UPDATE plans SET state = 'executing' WHERE plan_id = $1)
UPDATE plan_items SET outcome = 'unknown' WHERE plan_id = $1 AND outcome IS NULL;

-- name: plan_items
-- The items as shown.
SELECT * FROM plan_items WHERE plan_id = $1 ORDER BY position;

-- name: items_of_case
-- Everything that any plan of the case did or kept, for the answer; what an outdated plan left open is in a later one.
SELECT i.system, i.table_name, i.action, i.is_redacted, i.ground, i.kept_until, i.outcome, count(*) AS items
FROM plan_items i JOIN plans p USING (plan_id)
WHERE p.case_id = $1 AND p.state IN ('executing', 'done', 'outdated') AND i.outcome IS NOT NULL
    AND (p.state <> 'outdated' OR i.outcome IN ('erased', 'kept'))
GROUP BY i.system, i.table_name, i.action, i.is_redacted, i.ground, i.kept_until, i.outcome
ORDER BY i.system, i.table_name, i.action, i.kept_until;

-- name: add_deferred
-- Erased on the day its hold ends, without anyone remembering.
INSERT INTO deferred_erasures (deferred_id, controller_id, system, table_name, category, ground, erase_from, is_recheck,
                               item_sealed, evidence_case_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: due_deferred
-- Holds that ended by the given day.
SELECT * FROM deferred_erasures WHERE done_at IS NULL AND erase_from <= $1
ORDER BY erase_from, deferred_id LIMIT 100 FOR UPDATE SKIP LOCKED;

-- name: deferred_done
-- What became of it.
UPDATE deferred_erasures SET done_at = now(), outcome = $2, attempts = attempts + 1 WHERE deferred_id = $1;

-- name: deferred_failed
-- It is tried again with the next scan.
UPDATE deferred_erasures SET attempts = attempts + 1, outcome = 'failed' WHERE deferred_id = $1;
