-- What came with a message, what speaks for its sender, cases that hang together, and requests taken back.

ALTER TABLE cases
    ADD COLUMN linked_case_id uuid,
    ADD COLUMN sender_evidence jsonb,
    ADD COLUMN is_automatic boolean NOT NULL DEFAULT false,
    ADD COLUMN withdrawn_at timestamptz;
COMMENT ON COLUMN cases.linked_case_id IS 'The case in an answer to which this right was asked';
COMMENT ON COLUMN cases.sender_evidence IS 'Verdicts of our own mail server and marks of imitation; they name nobody';
COMMENT ON COLUMN cases.is_automatic IS 'A machine sent it: no automatic letter answers it';
COMMENT ON COLUMN cases.withdrawn_at IS 'When the person took the request back; nothing more is erased while it is set';
CREATE INDEX cases_linked ON cases (linked_case_id) WHERE linked_case_id IS NOT NULL;

ALTER TABLE case_messages
    ADD COLUMN arrival_id uuid,
    ADD COLUMN sender_evidence jsonb,
    ADD COLUMN is_changed_copy boolean NOT NULL DEFAULT false;

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
