-- name: next_breach_reference
-- Counts the controller's breaches of a year, beside its cases.
INSERT INTO case_counters (controller_id, year, last) VALUES ($1, -($2::int), 1)
ON CONFLICT ON CONSTRAINT case_counters_pk DO UPDATE SET last = case_counters.last + 1
RETURNING last;

-- name: register_breach
-- The 72 hours run from awareness; their end is stored.
INSERT INTO breaches (breach_id, controller_id, reference, state, aware_at, authority_due_at, began_at, ended_at,
                      systems, details_sealed, registered_by)
VALUES ($1, $2, $3, 'searching', $4, $5, $6, $7, $8, $9, $10) RETURNING *;

-- name: lock_breach
-- One breach, held until the transaction ends.
SELECT * FROM breaches WHERE breach_id = $1 FOR UPDATE;

-- name: find_breach
-- One breach by the reference that staff see.
SELECT * FROM breaches WHERE reference = $1;

-- name: breaches
-- The register of all breaches (Art. 33(5)), newest first.
SELECT * FROM breaches ORDER BY aware_at DESC;

-- name: set_details
-- What staff wrote.
UPDATE breaches SET details_sealed = $2 WHERE breach_id = $1;

-- name: set_searched
-- How many persons and records are concerned.
UPDATE breaches SET state = 'searched', person_count = $2, record_count = $3, searched_at = now()
WHERE breach_id = $1 RETURNING *;

-- name: set_risk
-- A person judged the risk; what was decided on the judgement before it is decided anew.
UPDATE breaches SET risk = $2, exemption = NULL, exempted_at = NULL, exempted_by = NULL
WHERE breach_id = $1 RETURNING *;

-- name: set_notified
-- The authority was told; the first notice counts, later ones add to it (Art. 33(4)).
UPDATE breaches SET authority_notified_at = coalesce(authority_notified_at, $2)
WHERE breach_id = $1 RETURNING *;

-- name: approve_letters
-- Once; a second approval finds nothing to approve.
UPDATE breaches SET state = 'letters_approved', letters_approved_at = now(), letters_approved_by = $2
WHERE breach_id = $1 AND letters_approved_at IS NULL RETURNING *;

-- name: add_person
-- Each person once, whatever systems know them.
INSERT INTO breach_persons (breach_person_id, controller_id, breach_id, person_hash, language, person_sealed, systems,
                            has_address)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT ON CONSTRAINT breach_persons_once DO NOTHING;

-- name: persons
-- Everybody concerned, with what became of their letter.
SELECT p.breach_person_id, p.language, p.person_sealed, p.systems, p.has_address, l.state AS letter_state
FROM breach_persons p LEFT JOIN letters l USING (letter_id) WHERE p.breach_id = $1
ORDER BY p.has_address, p.breach_person_id;

-- name: persons_without_letter
-- Whom nobody wrote to yet, of those who have an address.
SELECT * FROM breach_persons WHERE breach_id = $1 AND letter_id IS NULL AND has_address
ORDER BY breach_person_id FOR UPDATE;

-- name: person_of_letter
-- Whom this letter was for, held until the transaction ends.
SELECT * FROM breach_persons WHERE breach_id = $1 AND letter_id = $2 FOR UPDATE;

-- name: set_person_letter
-- The letter that was asked for this person.
UPDATE breach_persons SET letter_id = $2 WHERE breach_person_id = $1;

-- name: letter_states
-- How the letters of a breach stand, and who has no address.
SELECT count(*) AS persons, count(*) FILTER (WHERE p.has_address) AS with_address, count(p.letter_id) AS asked,
       count(*) FILTER (WHERE l.state = 'accepted') AS accepted, count(*) FILTER (WHERE l.state = 'failed') AS failed,
       coalesce(array_agg(DISTINCT p.language) FILTER (WHERE p.has_address), '{}') AS languages
FROM breach_persons p LEFT JOIN letters l USING (letter_id) WHERE p.breach_id = $1;

-- name: persons_by_system
-- How many persons each system knows; who is in two counts in both.
SELECT system, count(*) AS persons FROM breach_persons, unnest(systems) AS system WHERE breach_id = $1
GROUP BY system ORDER BY system;

-- name: breach_of_letter
-- The breach that a letter belongs to.
SELECT breach_id FROM breach_persons WHERE letter_id = $1;

-- name: running_clocks
-- Breaches whose clock runs: the authority is not told, and nobody decided that it need not be.
SELECT * FROM breaches WHERE authority_notified_at IS NULL AND risk IS DISTINCT FROM 'none' ORDER BY authority_due_at;

-- name: with_open_tasks
-- Breaches about which somebody has something to do, the most urgent first.
SELECT * FROM breaches AS b
WHERE EXISTS (SELECT FROM breach_tasks AS t WHERE t.breach_id = b.breach_id AND t.done_at IS NULL)
ORDER BY authority_due_at, breach_id;

-- name: set_exemption
-- A person decided that the persons are not told one by one (Art. 34(3)); null where they are told after all.
UPDATE breaches SET exemption = $2::text, exempted_by = $3,
                    exempted_at = CASE WHEN $2::text IS NULL THEN NULL ELSE now() END
WHERE breach_id = $1 RETURNING *;

-- name: count_open
-- Breaches that wait for somebody.
SELECT count(*) FROM breaches b
WHERE (authority_notified_at IS NULL AND risk IS DISTINCT FROM 'none')
   OR (risk = 'high' AND letters_approved_at IS NULL AND exemption IS NULL)
   OR EXISTS (SELECT FROM breach_tasks t WHERE t.breach_id = b.breach_id AND t.done_at IS NULL);

-- name: add_task
-- Something a person must do about a breach; asking twice is asking once.
INSERT INTO breach_tasks (breach_task_id, controller_id, breach_id, kind, about, due_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT ON CONSTRAINT breach_tasks_once DO NOTHING;

-- name: reopen_task
-- It is needed again.
UPDATE breach_tasks SET done_at = NULL, done_by = NULL, what_was_done_sealed = NULL
WHERE breach_id = $1 AND kind = $2 AND done_by = 'machine';

-- name: tasks
-- What waits and what was done.
SELECT * FROM breach_tasks WHERE breach_id = $1 ORDER BY created_at, kind, about;

-- name: finish_task
-- Who did it, and what.
UPDATE breach_tasks SET done_at = now(), done_by = $3, what_was_done_sealed = $4
WHERE breach_id = $1 AND breach_task_id = $2 AND done_at IS NULL RETURNING *;

-- name: finish_tasks_of_kind
-- The breach moved on by another way.
UPDATE breach_tasks SET done_at = now(), done_by = 'machine'
WHERE breach_id = $1 AND kind = $2 AND done_at IS NULL;
