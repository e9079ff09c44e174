-- The form asks for others and for organisations, takes files, and its status page asks for a code.

ALTER TABLE cases
    ADD COLUMN whose text NOT NULL DEFAULT 'self' CHECK (whose IN ('self', 'other', 'organisation')),
    ADD COLUMN first_letter text NOT NULL DEFAULT 'challenge'
        CHECK (first_letter IN ('challenge', 'acknowledgement', 'confirmation')),
    ADD COLUMN withdrawn_at timestamptz;
COMMENT ON COLUMN cases.first_letter IS 'What the person finds in their mailbox first, for the receipt page';

ALTER TABLE status_links
    ADD COLUMN code_hash text,
    ADD COLUMN code_expires_at timestamptz,
    ADD COLUMN code_tries_left int,
    ADD COLUMN codes_asked_at timestamptz[] NOT NULL DEFAULT '{}';

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
