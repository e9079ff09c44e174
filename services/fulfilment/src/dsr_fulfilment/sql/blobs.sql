-- name: give_up
-- The blob goes once this is committed.
INSERT INTO blobs_to_delete (name, controller_id, case_id) VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT blobs_to_delete_pk DO NOTHING;

-- name: given_up
-- What is still to be deleted of a case.
SELECT name FROM blobs_to_delete WHERE case_id = $1 ORDER BY asked_at, name;

-- name: is_gone
-- Deleted for good.
DELETE FROM blobs_to_delete WHERE name = $1;

-- name: unreferred
-- Stored by a transaction that never committed, or left over: no package and no file of a case is this blob.
SELECT name FROM unnest($1::text[]) AS name
WHERE NOT EXISTS (SELECT FROM packages AS p WHERE p.blob ->> 'name' = name AND p.deleted_at IS NULL)
    AND NOT EXISTS (SELECT FROM case_attachments AS a WHERE a.blob ->> 'name' = name)
ORDER BY name;
