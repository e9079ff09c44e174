-- name: add_user
-- A new account; nothing where the controller has one of this name.
INSERT INTO users (user_id, controller_id, name, password_hash, role) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT ON CONSTRAINT users_name_key DO NOTHING RETURNING user_id;

-- name: find_user
-- One account by its name.
SELECT * FROM users WHERE controller_id = $1 AND name = $2;

-- name: disable_user
-- The name stays taken, so that the history keeps its meaning.
UPDATE users SET disabled_at = coalesce(disabled_at, now()) WHERE controller_id = $1 AND name = $2 RETURNING user_id;

-- name: set_password
-- A new password, and the account works again.
UPDATE users SET password_hash = $3, disabled_at = NULL WHERE controller_id = $1 AND name = $2 RETURNING user_id;

-- name: update_hash
-- The same password under newer settings of the hash.
UPDATE users SET password_hash = $2 WHERE user_id = $1;

-- name: users
-- Everybody who has or had an account, with the last time they were here.
SELECT u.user_id, u.name, u.role, u.created_at, u.disabled_at, max(s.last_seen_at) AS last_seen_at
FROM users u LEFT JOIN console_sessions s USING (user_id)
GROUP BY u.user_id ORDER BY u.disabled_at NULLS FIRST, u.name;

-- name: purge_attempts
-- What was tried long ago no longer counts.
DELETE FROM sign_in_attempts WHERE last_at < now() - interval '1 day' AND coalesce(locked_until, last_at) < now();

-- name: reserve_attempt
-- Counts a try before the password is looked at, so that many at once do not get past the limit ($3).
INSERT INTO sign_in_attempts AS a (controller_id, name_hash, failures, last_at) VALUES ($1, $2, 1, now())
ON CONFLICT ON CONSTRAINT sign_in_attempts_pk DO UPDATE SET
    failures = CASE WHEN a.locked_until <= now() THEN 1 ELSE least(a.failures + 1, $3 + 1) END,
    locked_until = CASE WHEN a.locked_until <= now() THEN NULL
                        WHEN a.locked_until IS NULL AND a.failures + 1 >= $3 THEN now() + $4::interval
                        ELSE a.locked_until END,
    last_at = now()
RETURNING failures, locked_until;

-- name: forget_attempts
-- Signed in, or given a new password: counting starts anew.
DELETE FROM sign_in_attempts WHERE controller_id = $1 AND name_hash = $2;

-- name: open_session
-- Only the hash of the cookie is kept.
INSERT INTO console_sessions (token_hash, controller_id, user_id, expires_at)
VALUES ($1, $2, $3, now() + $4::interval);

-- name: purge_sessions
-- What ended is not kept.
DELETE FROM console_sessions WHERE expires_at < now() OR last_seen_at < now() - $1::interval;

-- name: use_session
-- A session that still lives, noted as used now.
UPDATE console_sessions s SET last_seen_at = now() FROM users u
WHERE s.token_hash = $1 AND u.user_id = s.user_id AND u.disabled_at IS NULL
  AND s.expires_at > now() AND s.last_seen_at > now() - $2::interval
RETURNING u.user_id, u.controller_id, u.name, u.role;

-- name: close_session
-- Signed out.
DELETE FROM console_sessions WHERE token_hash = $1;

-- name: close_sessions_of
-- Signed out everywhere.
DELETE FROM console_sessions WHERE user_id = $1;

-- name: log_access
-- Who looked at a person's data, when and why; only ever added.
INSERT INTO access_log (access_id, controller_id, case_id, user_name, what, reason, reason_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: looks_of_case
-- Everybody who looked, the latest first.
SELECT access_id, user_name, what, reason, reason_sealed, at FROM access_log WHERE case_id = $1 ORDER BY at DESC, access_id DESC;

-- name: shown_until
-- Until when a person's data stay shown to the one who gave a reason.
SELECT max(at) + $3::interval AS shown_until FROM access_log
WHERE case_id = $1 AND user_name = $2 AND what = 'person' HAVING max(at) + $3::interval > now();
