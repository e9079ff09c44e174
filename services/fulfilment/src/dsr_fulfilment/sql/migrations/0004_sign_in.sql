-- Failed sign-ins are counted by name, known or not, so that counting does not tell which names there are.

CREATE TABLE sign_in_attempts (
    controller_id text NOT NULL,
    name_hash text NOT NULL,
    failures int NOT NULL,
    locked_until timestamptz,
    last_at timestamptz NOT NULL,
    CONSTRAINT sign_in_attempts_pk PRIMARY KEY (controller_id, name_hash)
);
COMMENT ON COLUMN sign_in_attempts.name_hash IS 'Keyed hash of the name that was typed';
SELECT enforce_controller('sign_in_attempts');

ALTER TABLE users DROP COLUMN failed_attempts, DROP COLUMN locked_until;
CREATE INDEX console_sessions_user ON console_sessions (user_id);
