-- name: case_by_reference
-- The reference is unique for each controller; another controller's is not seen.
SELECT * FROM cases WHERE reference = $1;

-- name: open_cases
-- Everything that is not final, in order of arrival, with how many tasks wait for staff.
SELECT c.*, (SELECT count(*) FROM tasks t WHERE t.case_id = c.case_id AND t.done_at IS NULL) AS open_tasks
FROM cases c WHERE c.closed_at IS NULL ORDER BY c.received_at, c.case_id;

-- name: closed_cases
-- What is done, the latest first.
SELECT reference, rights, state, channel, received_at, due_on, closed_at, answered_at FROM cases
WHERE closed_at IS NOT NULL ORDER BY closed_at DESC, case_id LIMIT $1 OFFSET $2;

-- name: count_closed
-- How many there are.
SELECT count(*) FROM cases WHERE closed_at IS NOT NULL;

-- name: counts
-- The numbers beside the navigation.
SELECT (SELECT count(*) FROM cases WHERE closed_at IS NULL) AS cases,
       (SELECT count(*) FROM tasks WHERE done_at IS NULL)
           + (SELECT count(*) FROM breach_tasks WHERE done_at IS NULL) AS tasks,
       (SELECT count(*) FROM letters WHERE state = 'failed'
                                        OR (state = 'requested' AND way = 'mail'
                                            AND requested_at < now() - interval '1 hour')) AS letters;

-- name: open_tasks
-- What people have to do, by day.
SELECT t.task_id, t.kind, t.system, t.purpose, t.due_on, t.created_at, c.reference, c.received_at
FROM tasks t JOIN cases c USING (case_id) WHERE t.done_at IS NULL ORDER BY c.received_at, t.created_at;

-- name: troubled_letters
-- Letters that failed, and those that nobody took for an hour.
SELECT l.kind, l.state, l.requested_at, l.failed_at, l.failure,
       coalesce(c.reference, b.reference) AS reference
FROM letters l LEFT JOIN cases c USING (case_id) LEFT JOIN breaches b ON b.breach_id = l.case_id
WHERE l.state = 'failed'
   OR (l.state = 'requested' AND l.way = 'mail' AND l.requested_at < now() - interval '1 hour')
ORDER BY l.requested_at;

-- name: verification
-- How the person of a case was found to be the right one.
SELECT verified_by, verified_at FROM cases WHERE case_id = $1;

-- name: latest_plan
-- The newest plan of a case, whatever became of it.
SELECT plan_id, state, hash, created_at, approved_at, approved_by, execute_after, executed_at FROM plans
WHERE case_id = $1 ORDER BY created_at DESC LIMIT 1;

-- name: plan_groups
-- Items of one table that share their fate and their end.
SELECT system, table_name, action, is_redacted, needed_by, ground, kept_until, outcome, count(*) AS items,
       min(document_date) AS first_date, max(document_date) AS last_date
FROM plan_items WHERE plan_id = $1
GROUP BY system, table_name, action, is_redacted, needed_by, ground, kept_until, outcome
ORDER BY system, action, table_name, kept_until;

-- name: later_messages
-- What came after the case was opened, oldest first.
SELECT message_id, channel, kind, received_at, message_sealed FROM case_messages WHERE case_id = $1 ORDER BY received_at;

-- name: task_purposes
-- What the tasks of a case are about.
SELECT task_id, purpose FROM tasks WHERE case_id = $1;
