-- name: intend_opt_out
-- Committed before anything is written elsewhere; repeated after a crash.
INSERT INTO opt_outs (controller_id, case_id, system) VALUES ($1, $2, $3) ON CONFLICT ON CONSTRAINT opt_outs_pk DO NOTHING;

-- name: set_opt_out
-- What the system said when it was read again.
UPDATE opt_outs SET outcome = $3, row_count = $4, done_at = CASE WHEN $3 = 'failed' THEN NULL ELSE now() END
WHERE case_id = $1 AND system = $2;

-- name: opt_outs_of_case
-- Each system that the machine writes to, and what came of it.
SELECT system, outcome, row_count FROM opt_outs WHERE case_id = $1 ORDER BY system;

-- name: suppress
-- The first time counts.
INSERT INTO suppressions (controller_id, address_hash) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT suppressions_pk DO NOTHING;

-- name: suppressed
-- Which of these hashes are suppressed.
SELECT address_hash FROM suppressions WHERE controller_id = $1 AND address_hash = ANY($2::text[]);
