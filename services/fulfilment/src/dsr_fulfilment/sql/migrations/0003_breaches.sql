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
    risk_reason text,
    details_sealed jsonb NOT NULL,
    person_count int,
    record_count int,
    searched_at timestamptz,
    authority_notified_at timestamptz,
    delay_reason text,
    letters_approved_at timestamptz,
    letters_approved_by text,
    registered_by text NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now(),
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
    CONSTRAINT breach_persons_once UNIQUE (breach_id, person_hash)
);
SELECT enforce_controller('breach_persons');
