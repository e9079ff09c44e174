-- name: add
-- Somebody signed in.
INSERT INTO sign_ins (proof_id, controller_id, case_id, event_id, issuer, acr, proved_at, person_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (proof_id) DO NOTHING;

-- name: of_case
-- All of a case, the first one first.
SELECT proof_id, event_id, issuer, acr, proved_at, person_sealed, decided_at FROM sign_ins
WHERE case_id = $1 ORDER BY proved_at, proof_id;

-- name: decide
-- It was decided what it proves, once.
UPDATE sign_ins SET decided_at = now() WHERE proof_id = $1 AND decided_at IS NULL RETURNING proof_id;
