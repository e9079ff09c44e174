-- Fulfilment's tables as they stand after all migrations, beside those of the package dsr_shared.

-- Cases, their clock, what was found, planned and done, and the proof of it.

CREATE TABLE registers (
    controller_id text PRIMARY KEY,
    version int NOT NULL CHECK (version >= 1),
    sha256 text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now()
);
SELECT enforce_controller('registers');

CREATE TABLE case_counters (
    controller_id text NOT NULL,
    year int NOT NULL,
    last int NOT NULL,
    CONSTRAINT case_counters_pk PRIMARY KEY (controller_id, year)
);
SELECT enforce_controller('case_counters');

CREATE TABLE cases (
    case_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    reference text NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    rights text[] NOT NULL,
    state text NOT NULL,
    received_at timestamptz NOT NULL,
    due_on date NOT NULL,
    extended_due_on date,
    extension_ground text,
    is_on_behalf boolean NOT NULL,
    is_verified boolean NOT NULL DEFAULT false,
    verified_at timestamptz,
    verified_by text,
    needs_person text,
    person_sealed jsonb,
    message_sealed jsonb,
    letter_address_sealed jsonb,
    arrival_event_id uuid NOT NULL,
    arrival_event_type text NOT NULL,
    raw jsonb,
    raw_sha256 text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    answered_at timestamptz,
    closed_at timestamptz,
    linked_case_id uuid,
    sender_evidence jsonb,
    is_automatic boolean NOT NULL DEFAULT false,
    withdrawn_at timestamptz,
    CONSTRAINT cases_reference_key UNIQUE (controller_id, reference)
);
COMMENT ON COLUMN cases.needs_person IS 'Why a person must look, as a word; null where the machine goes on by itself';
CREATE INDEX cases_arrival ON cases (controller_id, received_at);
COMMENT ON COLUMN cases.linked_case_id IS 'The case in an answer to which this right was asked';
COMMENT ON COLUMN cases.sender_evidence IS 'Verdicts of our own mail server and marks of imitation; they name nobody';
COMMENT ON COLUMN cases.is_automatic IS 'A machine sent it: no automatic letter answers it';
COMMENT ON COLUMN cases.withdrawn_at IS 'When the person took the request back; nothing more is erased while it is set';
CREATE INDEX cases_linked ON cases (linked_case_id) WHERE linked_case_id IS NOT NULL;
CREATE INDEX cases_due ON cases (due_on) WHERE closed_at IS NULL;
SELECT enforce_controller('cases');

CREATE TABLE case_messages (
    message_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases ON DELETE CASCADE,
    channel text NOT NULL,
    kind text NOT NULL,
    problem text,
    received_at timestamptz NOT NULL,
    person_sealed jsonb NOT NULL,
    message_sealed jsonb NOT NULL,
    raw jsonb,
    arrival_id uuid,
    sender_evidence jsonb,
    is_changed_copy boolean NOT NULL DEFAULT false
);
CREATE INDEX case_messages_case ON case_messages (case_id, received_at);
SELECT enforce_controller('case_messages');

CREATE TABLE case_attachments (
    attachment_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases ON DELETE CASCADE,
    message_id uuid NOT NULL,
    position int NOT NULL,
    media_type text NOT NULL,
    blob jsonb NOT NULL,
    CONSTRAINT case_attachments_order UNIQUE (message_id, position)
);
COMMENT ON COLUMN case_attachments.message_id IS 'Event it came with: the one that opened the case, or a later one';
CREATE INDEX case_attachments_case ON case_attachments (case_id, message_id, position);
SELECT enforce_controller('case_attachments');

CREATE TABLE case_systems (
    controller_id text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases ON DELETE CASCADE,
    system text NOT NULL,
    has_match boolean,
    outcome text,
    item_count int NOT NULL DEFAULT 0,
    reason text,
    decided_by text,
    searched_at timestamptz,
    reason_sealed jsonb,
    CONSTRAINT case_systems_pk PRIMARY KEY (case_id, system)
);
COMMENT ON COLUMN case_systems.reason IS 'A code: a ground, or why the machine did not search; never a person''s words';
SELECT enforce_controller('case_systems');

CREATE TABLE challenges (
    challenge_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases ON DELETE CASCADE,
    token_hash text NOT NULL,
    proves text NOT NULL CHECK (proves IN ('on_file', 'address_only')),
    expires_at timestamptz NOT NULL,
    answered_at timestamptz
);
CREATE INDEX challenges_case ON challenges (case_id);
SELECT enforce_controller('challenges');

CREATE TABLE packages (
    package_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases ON DELETE CASCADE,
    token_hash text NOT NULL,
    blob jsonb NOT NULL,
    built_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    downloaded_at timestamptz,
    deleted_at timestamptz
);
CREATE INDEX packages_case ON packages (case_id);
SELECT enforce_controller('packages');

CREATE TABLE letters (
    letter_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL,
    language text NOT NULL,
    state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'accepted', 'failed', 'told_otherwise', 'resent')),
    requested_at timestamptz NOT NULL DEFAULT now(),
    accepted_at timestamptz,
    is_repeat boolean NOT NULL DEFAULT false,
    message_id text,
    failure text,
    failed_at timestamptz,
    way text NOT NULL DEFAULT 'mail' CHECK (way IN ('mail', 'post')),
    content_sealed jsonb
);
COMMENT ON COLUMN letters.content_sealed IS 'What it says, to be posted or sent once more; nothing of the letters of a breach';
CREATE INDEX letters_case ON letters (case_id, requested_at);
SELECT enforce_controller('letters');

CREATE TABLE tasks (
    task_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid REFERENCES cases ON DELETE CASCADE,
    kind text NOT NULL,
    system text,
    purpose text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    due_on date NOT NULL,
    done_at timestamptz,
    done_by text,
    outcome text,
    proof_sealed jsonb,
    CONSTRAINT tasks_once UNIQUE (case_id, kind, system, purpose)
);
COMMENT ON COLUMN tasks.kind IS
    'search_paper, destroy_paper, confirm_rights, identify, approve_plan, unreadable, letter_failed, post_letter, needs_person';
CREATE INDEX tasks_open ON tasks (controller_id, due_on) WHERE done_at IS NULL;
SELECT enforce_controller('tasks');

CREATE TABLE plans (
    plan_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases ON DELETE CASCADE,
    state text NOT NULL CHECK (state IN ('proposed', 'approved', 'executing', 'done', 'outdated', 'withdrawn')),
    hash text NOT NULL,
    items_sealed jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    approved_at timestamptz,
    approved_by text,
    execute_after timestamptz,
    executed_at timestamptz
);
CREATE UNIQUE INDEX plans_one_living ON plans (case_id) WHERE state IN ('proposed', 'approved', 'executing');
SELECT enforce_controller('plans');

CREATE TABLE plan_items (
    controller_id text NOT NULL,
    plan_id uuid NOT NULL REFERENCES plans ON DELETE CASCADE,
    position int NOT NULL,
    system text NOT NULL,
    table_name text NOT NULL,
    category text NOT NULL,
    action text NOT NULL CHECK (action IN ('erase', 'keep')),
    is_redacted boolean NOT NULL,
    needed_by text,
    ground text,
    kept_until date,
    erase_from date,
    document_date date,
    outcome text,
    detail text,
    CONSTRAINT plan_items_pk PRIMARY KEY (plan_id, position)
);
SELECT enforce_controller('plan_items');

CREATE TABLE deferred_erasures (
    deferred_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    system text NOT NULL,
    table_name text NOT NULL,
    category text NOT NULL,
    ground text NOT NULL,
    erase_from date NOT NULL,
    item_sealed jsonb NOT NULL,
    is_recheck boolean NOT NULL,
    evidence_case_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempts int NOT NULL DEFAULT 0,
    outcome text,
    done_at timestamptz
);
COMMENT ON TABLE deferred_erasures IS 'Outlives its case: sealed under a key kept for deferred_id, due on the day the hold ends';
CREATE INDEX deferred_erasures_due ON deferred_erasures (erase_from) WHERE done_at IS NULL;
SELECT enforce_controller('deferred_erasures');

CREATE TABLE evidence (
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    position int NOT NULL CHECK (position >= 1),
    occurred_at timestamptz NOT NULL,
    kind text NOT NULL,
    facts jsonb NOT NULL,
    previous_mark text NOT NULL,
    mark text NOT NULL,
    signature text NOT NULL,
    CONSTRAINT evidence_pk PRIMARY KEY (case_id, position)
);
COMMENT ON TABLE evidence IS 'Append-only chain per case; facts name no person';
SELECT enforce_controller('evidence');

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER evidence_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE jobs (
    job_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL,
    not_before timestamptz NOT NULL DEFAULT now(),
    lease_token uuid,
    lease_until timestamptz,
    attempts int NOT NULL DEFAULT 0,
    last_error text,
    traceparent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz
);
CREATE UNIQUE INDEX jobs_one_waiting ON jobs (case_id, kind) WHERE done_at IS NULL AND lease_token IS NULL;
CREATE INDEX jobs_due ON jobs (not_before) WHERE done_at IS NULL;
SELECT enforce_controller('jobs');

CREATE TABLE reminders (
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL,
    fired_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT reminders_pk PRIMARY KEY (case_id, kind)
);
SELECT enforce_controller('reminders');

-- The people who work with the cases, and what they looked at.

CREATE TABLE users (
    user_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'handler', 'reader')),
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
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
CREATE INDEX console_sessions_user ON console_sessions (user_id);
SELECT enforce_controller('console_sessions');

CREATE TABLE access_log (
    access_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid,
    user_name text NOT NULL,
    what text NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    reason_sealed jsonb
);
COMMENT ON COLUMN access_log.reason IS 'A code; other where the reason was typed and lies sealed';
CREATE INDEX access_log_case ON access_log (case_id, at);
SELECT enforce_controller('access_log');
CREATE TRIGGER access_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Personal-data breaches: the 72-hour clock, who is concerned, and who was told (GDPR Art. 33 and 34).

CREATE TABLE breaches (
    breach_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    reference text NOT NULL,
    state text NOT NULL,
    aware_at timestamptz NOT NULL,
    authority_due_at timestamptz NOT NULL,
    began_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    systems text[] NOT NULL,
    risk text CHECK (risk IN ('none', 'risk', 'high')),
    details_sealed jsonb NOT NULL,
    person_count int,
    record_count int,
    searched_at timestamptz,
    authority_notified_at timestamptz,
    letters_approved_at timestamptz,
    letters_approved_by text,
    registered_by text NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now(),
    exemption text CHECK (exemption IN ('data_unintelligible', 'risk_removed', 'disproportionate_effort')),
    exempted_at timestamptz,
    exempted_by text,
    CONSTRAINT breaches_reference_key UNIQUE (controller_id, reference)
);
SELECT enforce_controller('breaches');

CREATE TABLE breach_persons (
    breach_person_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    breach_id uuid NOT NULL REFERENCES breaches ON DELETE CASCADE,
    person_hash text NOT NULL,
    language text NOT NULL,
    person_sealed jsonb NOT NULL,
    letter_id uuid,
    systems text[] NOT NULL DEFAULT '{}',
    has_address boolean NOT NULL DEFAULT true,
    CONSTRAINT breach_persons_once UNIQUE (breach_id, person_hash)
);
SELECT enforce_controller('breach_persons');

CREATE TABLE breach_tasks (
    breach_task_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    breach_id uuid NOT NULL REFERENCES breaches ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('search_paper', 'search_failed', 'no_address', 'letter_failed', 'reminder')),
    about text NOT NULL DEFAULT '',
    due_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz,
    done_by text,
    what_was_done_sealed jsonb,
    CONSTRAINT breach_tasks_once UNIQUE (breach_id, kind, about)
);
COMMENT ON COLUMN breach_tasks.about IS 'A system, a letter or a reminder of the register; never a person';
SELECT enforce_controller('breach_tasks');

CREATE TABLE blobs_to_delete (
    name text NOT NULL,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT blobs_to_delete_pk PRIMARY KEY (name)
);
COMMENT ON TABLE blobs_to_delete IS 'Given up by a transaction that committed; the row goes when the blob is gone';
SELECT enforce_controller('blobs_to_delete');

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

CREATE TABLE evidence_heads (
    controller_id text NOT NULL,
    position int NOT NULL CHECK (position >= 1),
    day date NOT NULL,
    occurred_at timestamptz NOT NULL,
    facts jsonb NOT NULL,
    previous_mark text NOT NULL,
    mark text NOT NULL,
    signature text NOT NULL,
    CONSTRAINT evidence_heads_pk PRIMARY KEY (controller_id, position),
    CONSTRAINT evidence_heads_once_a_day UNIQUE (controller_id, day)
);
COMMENT ON COLUMN evidence_heads.facts IS 'The day, and by chain the position and mark of its end where it grew since it was last noted';
SELECT enforce_controller('evidence_heads');
CREATE TRIGGER evidence_heads_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE opt_outs (
    controller_id text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases ON DELETE CASCADE,
    system text NOT NULL,
    intended_at timestamptz NOT NULL DEFAULT now(),
    outcome text CHECK (outcome IN ('found', 'nothing_found', 'failed')),
    row_count int NOT NULL DEFAULT 0,
    done_at timestamptz,
    CONSTRAINT opt_outs_pk PRIMARY KEY (case_id, system)
);
COMMENT ON TABLE opt_outs IS 'The intent is committed before the system is written to, the outcome after it was read again';
SELECT enforce_controller('opt_outs');

CREATE TABLE suppressions (
    controller_id text NOT NULL,
    address_hash text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT suppressions_pk PRIMARY KEY (controller_id, address_hash)
);
COMMENT ON TABLE suppressions IS 'Outlives its case: a keyed hash of an address that wants no marketing';
SELECT enforce_controller('suppressions');

CREATE TABLE notices (
    controller_id text NOT NULL,
    version int NOT NULL CHECK (version >= 1),
    published_at timestamptz NOT NULL,
    notice jsonb NOT NULL,
    CONSTRAINT notices_pk PRIMARY KEY (controller_id, version)
);
COMMENT ON TABLE notices IS 'Public words with their change list; never altered, never removed';
SELECT enforce_controller('notices');

CREATE TABLE webhook_calls (
    call_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases ON DELETE CASCADE,
    facts jsonb NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
    created_at timestamptz NOT NULL DEFAULT now(),
    not_before timestamptz NOT NULL DEFAULT now(),
    attempts int NOT NULL DEFAULT 0,
    lease_token uuid,
    lease_until timestamptz,
    last_error text,
    done_at timestamptz
);
COMMENT ON COLUMN webhook_calls.facts IS 'Ids, reference, stage and due dates; nothing of a person';
CREATE INDEX webhook_calls_due ON webhook_calls (not_before) WHERE state = 'waiting';
CREATE INDEX webhook_calls_case ON webhook_calls (case_id, call_id);
SELECT enforce_controller('webhook_calls');

CREATE TABLE sign_ins (
    proof_id uuid PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases ON DELETE CASCADE,
    event_id uuid NOT NULL,
    issuer text NOT NULL,
    acr text,
    proved_at timestamptz NOT NULL,
    person_sealed jsonb NOT NULL,
    decided_at timestamptz
);
COMMENT ON COLUMN sign_ins.person_sealed IS 'The verified claims, as the provider of the register told them';
CREATE INDEX sign_ins_case ON sign_ins (case_id, proved_at);
SELECT enforce_controller('sign_ins');
