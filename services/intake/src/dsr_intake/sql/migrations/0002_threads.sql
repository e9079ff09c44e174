-- Copies of one mail, answers to our letters, and files that came with mail.

ALTER TABLE arrivals
    ADD COLUMN message_id_hash text,
    ADD COLUMN copy_hash text,
    ADD COLUMN copy_of uuid;
COMMENT ON COLUMN arrivals.copy_hash IS 'Keyed hash of Message-ID and body as read: the same mail, whatever way it came';
COMMENT ON COLUMN arrivals.copy_of IS 'The arrival that stands for this one too';
CREATE INDEX arrivals_message_id ON arrivals (controller_id, message_id_hash) WHERE message_id_hash IS NOT NULL;

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
