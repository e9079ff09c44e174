-- name: open_cases_by_state
-- Cases that are not final, by the day that they are due.
SELECT controller_id, state, coalesce(extended_due_on, due_on) AS due_on, count(*) AS case_count
FROM cases WHERE closed_at IS NULL
GROUP BY controller_id, state, coalesce(extended_due_on, due_on);

-- name: known_controllers
-- So that one without cases shows zeros, not nothing.
SELECT controller_id FROM registers;

-- name: breach_clocks
-- Breaches of which the authority is not told yet though it may have to be: seconds left of the 72 hours.
SELECT controller_id, extract(epoch FROM authority_due_at - now())::float8 AS seconds_left
FROM breaches WHERE authority_notified_at IS NULL AND risk IS DISTINCT FROM 'none';
