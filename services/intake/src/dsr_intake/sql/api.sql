-- name: add_api_key
-- A new key; only its hash is kept.
INSERT INTO api_keys (key_id, controller_id, name, prefix, secret_hash, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => $6)) RETURNING expires_at;

-- name: api_keys
-- The keys of a controller, living ones first.
SELECT key_id, name, prefix, created_at, expires_at, revoked_at, last_used_at FROM api_keys
WHERE controller_id = $1 ORDER BY revoked_at IS NOT NULL, created_at;

-- name: revoke_api_key
-- Once; a key that was revoked stays in the list.
UPDATE api_keys SET revoked_at = now() WHERE controller_id = $1 AND prefix = $2 AND revoked_at IS NULL RETURNING name;

-- name: api_key_by_prefix
-- A key that can be used now.
SELECT key_id, secret_hash, last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS is_stale FROM api_keys
WHERE controller_id = $1 AND prefix = $2 AND revoked_at IS NULL AND expires_at > now();

-- name: touch_api_key
-- When a key was last used, to the minute.
UPDATE api_keys SET last_used_at = now() WHERE key_id = $1;

-- name: delete_old_calls
-- Idempotency keys count for a day.
DELETE FROM api_calls WHERE controller_id = $1 AND called_at < now() - interval '24 hours';

-- name: remember_call
-- The first call with this idempotency key counts; the row waits for one that is under way.
INSERT INTO api_calls (controller_id, key_id, call_hash, body_hash, arrival_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT ON CONSTRAINT api_calls_pk DO NOTHING;

-- name: call
-- What came with this idempotency key first.
SELECT body_hash, arrival_id FROM api_calls WHERE key_id = $1 AND call_hash = $2;

-- name: state_of_token
-- How the case of a status token stands.
SELECT c.reference, c.stage, c.rights, c.language, c.received_at, c.due_on, c.extended_due_on, c.changed_at
FROM status_links l JOIN cases c USING (case_id) WHERE l.controller_id = $1 AND l.token_hash = $2;
