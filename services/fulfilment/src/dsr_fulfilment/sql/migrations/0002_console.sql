-- The people who work with the cases, and what they looked at.

CREATE TABLE users (
    user_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'handler', 'reader')),
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    failed_attempts int NOT NULL DEFAULT 0,
    locked_until timestamptz,
    CONSTRAINT users_name_key UNIQUE (controller_id, name)
);
SELECT enforce_controller('users');

CREATE TABLE console_sessions (
    token_hash text PRIMARY KEY,
    controller_id text NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
SELECT enforce_controller('console_sessions');

CREATE TABLE access_log (
    access_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid,
    user_name text NOT NULL,
    what text NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX access_log_case ON access_log (case_id, at);
SELECT enforce_controller('access_log');
CREATE TRIGGER access_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
