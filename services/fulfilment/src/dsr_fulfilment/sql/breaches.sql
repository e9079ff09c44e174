-- name: next_breach_reference
-- Counts the controller's breaches of a year, beside its cases.
INSERT INTO case_counters (controller_id, year, last) VALUES ($1, -$2, 1)
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
-- A person judged the risk.
UPDATE breaches SET risk = $2, risk_reason = $3 WHERE breach_id = $1 RETURNING *;

-- name: set_notified
-- The authority was told.
UPDATE breaches SET authority_notified_at = $2, delay_reason = $3 WHERE breach_id = $1 RETURNING *;

-- name: approve_letters
-- Once; a second approval finds nothing to approve.
UPDATE breaches SET state = 'letters_approved', letters_approved_at = now(), letters_approved_by = $2
WHERE breach_id = $1 AND letters_approved_at IS NULL RETURNING *;

-- name: add_person
-- Each person once, whatever systems know them.
INSERT INTO breach_persons (breach_person_id, controller_id, breach_id, person_hash, language, person_sealed)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT ON CONSTRAINT breach_persons_once DO NOTHING;

-- name: persons_without_letter
-- Whom nobody wrote to yet.
SELECT * FROM breach_persons WHERE breach_id = $1 AND letter_id IS NULL ORDER BY breach_person_id FOR UPDATE;

-- name: set_person_letter
-- The letter that was asked for this person.
UPDATE breach_persons SET letter_id = $2 WHERE breach_person_id = $1;

-- name: letter_states
-- How the letters of a breach stand, and who has no address.
SELECT count(*) AS persons, count(p.letter_id) AS asked, count(*) FILTER (WHERE l.state = 'accepted') AS accepted,
       count(*) FILTER (WHERE l.state = 'failed') AS failed
FROM breach_persons p LEFT JOIN letters l USING (letter_id) WHERE p.breach_id = $1;
