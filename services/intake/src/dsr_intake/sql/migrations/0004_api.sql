-- Keys of programs that hand in requests, and what makes a repeated call the same call.

CREATE TABLE api_keys (
    key_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    secret_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_at timestamptz,
    CONSTRAINT api_keys_prefix_key UNIQUE (prefix)
);
COMMENT ON COLUMN api_keys.secret_hash IS 'SHA-256 of the whole key, which holds 256 random bits; the key itself is shown once';
CREATE UNIQUE INDEX api_keys_living_name ON api_keys (controller_id, name) WHERE revoked_at IS NULL;
SELECT enforce_controller('api_keys');

CREATE TABLE api_calls (
    controller_id text NOT NULL,
    key_id uuid NOT NULL REFERENCES api_keys ON DELETE CASCADE,
    call_hash text NOT NULL,
    body_hash text NOT NULL,
    arrival_id uuid NOT NULL,
    called_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT api_calls_pk PRIMARY KEY (key_id, call_hash)
);
COMMENT ON TABLE api_calls IS 'Idempotency keys of a day and keyed hashes of what came with them; the answer is made anew from the arrival';
CREATE INDEX api_calls_old ON api_calls (called_at);
SELECT enforce_controller('api_calls');
