-- What arrived, what the public pages show of a case, and the links that people hold.

CREATE TABLE controllers (
    controller_id text PRIMARY KEY,
    register_version int NOT NULL CHECK (register_version >= 1),
    register jsonb NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now()
);
SELECT enforce_controller('controllers');

CREATE TABLE arrivals (
    arrival_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    channel text NOT NULL,
    state text NOT NULL CHECK (state IN ('stored', 'read', 'destroyed')),
    received_at timestamptz NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    raw_sha256 text NOT NULL,
    key_id uuid NOT NULL,
    raw_sealed jsonb,
    raw_blob jsonb,
    position jsonb,
    traceparent text,
    problem text,
    attempts int NOT NULL DEFAULT 0,
    lease_token uuid,
    lease_until timestamptz,
    kind text,
    language text,
    sender_hash text,
    is_flood boolean NOT NULL DEFAULT false,
    read_at timestamptz,
    keep_until timestamptz,
    message_id_hash text,
    copy_hash text,
    copy_of uuid,
    CONSTRAINT arrivals_once_a_controller UNIQUE (controller_id, raw_sha256),
    CONSTRAINT arrivals_hold_their_raw
        CHECK (state = 'destroyed' OR (raw_sealed IS NULL) <> (raw_blob IS NULL))
);
COMMENT ON COLUMN arrivals.case_id IS 'The arrival''s own id until it turns out to belong to a known case';
COMMENT ON COLUMN arrivals.sender_hash IS 'Keyed hash of the address it came from, for the daily limit and for threads';
COMMENT ON COLUMN arrivals.copy_hash IS 'Keyed hash of Message-ID and body as read: the same mail, whatever way it came';
COMMENT ON COLUMN arrivals.copy_of IS 'The arrival that stands for this one too';
CREATE INDEX arrivals_message_id ON arrivals (controller_id, message_id_hash) WHERE message_id_hash IS NOT NULL;
CREATE INDEX arrivals_unread ON arrivals (stored_at) WHERE state = 'stored';
CREATE INDEX arrivals_case ON arrivals (controller_id, case_id);
CREATE INDEX arrivals_sender ON arrivals (controller_id, sender_hash, received_at) WHERE sender_hash IS NOT NULL;
CREATE INDEX arrivals_noise ON arrivals (keep_until) WHERE keep_until IS NOT NULL;
SELECT enforce_controller('arrivals');

CREATE TABLE mail_threads (
    controller_id text NOT NULL,
    message_id_hash text NOT NULL,
    case_id uuid NOT NULL,
    CONSTRAINT mail_threads_pk PRIMARY KEY (controller_id, message_id_hash)
);
COMMENT ON TABLE mail_threads IS 'Keyed hashes of the Message-IDs that a case''s mails carried';
CREATE INDEX mail_threads_case ON mail_threads (controller_id, case_id);
SELECT enforce_controller('mail_threads');

CREATE TABLE expected_replies (
    letter_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    event_id uuid NOT NULL,
    token_hash text NOT NULL,
    token_sealed jsonb NOT NULL,
    recipient_hash text NOT NULL
);
COMMENT ON TABLE expected_replies IS 'Letters that went out: who answers one from the address it went to writes on its case';
CREATE INDEX expected_replies_token ON expected_replies (controller_id, token_hash);
CREATE INDEX expected_replies_case ON expected_replies (controller_id, case_id);
SELECT enforce_controller('expected_replies');

CREATE TABLE mail_attachments (
    attachment_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    blob_name text NOT NULL
);
COMMENT ON TABLE mail_attachments IS 'Which sealed files go with a case when its keys are destroyed; names and keys are not here';
CREATE INDEX mail_attachments_case ON mail_attachments (controller_id, case_id);
SELECT enforce_controller('mail_attachments');

CREATE TABLE cases (
    case_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    reference text,
    stage text NOT NULL,
    rights text[] NOT NULL,
    language text NOT NULL,
    received_at timestamptz NOT NULL,
    due_on date NOT NULL,
    extended_due_on date,
    kept jsonb NOT NULL DEFAULT '[]',
    reached jsonb NOT NULL DEFAULT '{}',
    changed_at timestamptz,
    whose text NOT NULL DEFAULT 'self' CHECK (whose IN ('self', 'other', 'organisation')),
    first_letter text NOT NULL DEFAULT 'challenge'
        CHECK (first_letter IN ('challenge', 'acknowledgement', 'confirmation')),
    withdrawn_at timestamptz,
    CONSTRAINT cases_reference_key UNIQUE (controller_id, reference)
);
COMMENT ON COLUMN cases.reached IS 'When each stage was first reached, by stage';
COMMENT ON COLUMN cases.first_letter IS 'What the person finds in their mailbox first, for the receipt page';
SELECT enforce_controller('cases');

CREATE TABLE status_links (
    token_hash text PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    code_hash text,
    code_expires_at timestamptz,
    code_tries_left int,
    codes_asked_at timestamptz[] NOT NULL DEFAULT '{}'
);
CREATE INDEX status_links_case ON status_links (controller_id, case_id);
SELECT enforce_controller('status_links');

CREATE TABLE challenges (
    challenge_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    token_hash text NOT NULL,
    expires_at timestamptz NOT NULL,
    answered_at timestamptz,
    CONSTRAINT challenges_token_key UNIQUE (token_hash)
);
CREATE INDEX challenges_case ON challenges (controller_id, case_id);
SELECT enforce_controller('challenges');

CREATE TABLE packages (
    package_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    token_hash text NOT NULL,
    blob jsonb NOT NULL,
    expires_at timestamptz NOT NULL,
    deleted_at timestamptz,
    downloaded_at timestamptz,
    code_hash text,
    code_expires_at timestamptz,
    code_tries_left int,
    codes_asked_at timestamptz[] NOT NULL DEFAULT '{}',
    CONSTRAINT packages_token_key UNIQUE (token_hash)
);
COMMENT ON COLUMN packages.codes_asked_at IS 'When codes were asked for during the last hour';
CREATE INDEX packages_case ON packages (controller_id, case_id);
SELECT enforce_controller('packages');

CREATE TABLE letters_sent (
    letter_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL,
    sent_at timestamptz NOT NULL
);
CREATE INDEX letters_sent_case ON letters_sent (controller_id, case_id);
SELECT enforce_controller('letters_sent');

CREATE TABLE form_files (
    file_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    tray_id uuid NOT NULL,
    case_id uuid,
    blob_name text NOT NULL,
    keep_until timestamptz,
    CONSTRAINT form_files_blob_key UNIQUE (blob_name),
    CONSTRAINT form_files_wait_or_belong CHECK ((case_id IS NULL) <> (keep_until IS NULL))
);
COMMENT ON TABLE form_files IS 'Sealed files of forms; names and keys are not here. Unsent ones go after keep_until';
CREATE INDEX form_files_tray ON form_files (controller_id, tray_id);
CREATE INDEX form_files_case ON form_files (controller_id, case_id) WHERE case_id IS NOT NULL;
CREATE INDEX form_files_old ON form_files (keep_until) WHERE keep_until IS NOT NULL;
SELECT enforce_controller('form_files');

CREATE TABLE visits (
    controller_id text NOT NULL,
    what text NOT NULL,
    address_hash text NOT NULL,
    hour timestamptz NOT NULL,
    count int NOT NULL,
    CONSTRAINT visits_pk PRIMARY KEY (controller_id, what, address_hash, hour)
);
COMMENT ON TABLE visits IS 'How often an address (keyed hash) did what is limited, an hour a row';
SELECT enforce_controller('visits');

CREATE TABLE notices (
    controller_id text NOT NULL,
    version int NOT NULL CHECK (version >= 1),
    published_at timestamptz NOT NULL,
    notice jsonb NOT NULL,
    CONSTRAINT notices_pk PRIMARY KEY (controller_id, version)
);
COMMENT ON TABLE notices IS 'Public words with their change list; never altered, never removed';
SELECT enforce_controller('notices');

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

CREATE TABLE sign_ins (
    state_hash text PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    browser_hash text NOT NULL,
    expires_at timestamptz NOT NULL,
    taken_at timestamptz,
    proved_at timestamptz
);
COMMENT ON TABLE sign_ins IS 'Sign-ins at a provider on their way: hashes of the state and of the secret in the cookie. Who signed in is not here';
CREATE INDEX sign_ins_case ON sign_ins (controller_id, case_id);
CREATE INDEX sign_ins_old ON sign_ins (expires_at) WHERE proved_at IS NULL;
SELECT enforce_controller('sign_ins');
