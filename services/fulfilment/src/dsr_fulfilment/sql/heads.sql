-- name: last_head
-- The end of a controller's chain of heads.
SELECT position, mark, day FROM evidence_heads WHERE controller_id = $1 ORDER BY position DESC LIMIT 1;

-- name: grown_chains
-- The end of every chain of the controller that grew since its end was last noted.
WITH noted AS (
    SELECT n.chain, max((n.noted ->> 0)::int) AS position
    FROM evidence_heads AS h, jsonb_each(h.facts -> 'heads') AS n (chain, noted)
    WHERE h.controller_id = $1
    GROUP BY n.chain
), ends AS (
    SELECT DISTINCT ON (case_id) case_id::text AS chain, position, mark
    FROM evidence WHERE controller_id = $1
    ORDER BY case_id, position DESC
)
SELECT e.chain, e.position, e.mark FROM ends AS e LEFT JOIN noted AS n USING (chain)
WHERE n.position IS NULL OR n.position < e.position
ORDER BY e.chain;

-- name: add_head
-- Only ever added, once a day.
INSERT INTO evidence_heads (controller_id, position, day, occurred_at, facts, previous_mark, mark, signature)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: chain_of_heads
-- A controller's chain of heads, for checking.
SELECT position, occurred_at, 'heads' AS kind, facts, previous_mark, mark, signature
FROM evidence_heads WHERE controller_id = $1 ORDER BY position;

-- name: audited_controllers
-- Every controller that has a chain of any kind.
SELECT controller_id FROM evidence UNION SELECT controller_id FROM evidence_heads ORDER BY controller_id;

-- name: chain_names
-- Every case or breach of a controller whose chain there is, was noted, or must be.
SELECT case_id FROM evidence WHERE controller_id = $1
UNION
SELECT case_id FROM cases WHERE controller_id = $1
UNION
SELECT n.chain::uuid FROM evidence_heads AS h, jsonb_object_keys(h.facts -> 'heads') AS n (chain)
WHERE h.controller_id = $1
ORDER BY case_id;

-- name: reference_of
-- What staff call the case.
SELECT reference FROM cases WHERE case_id = $1;
