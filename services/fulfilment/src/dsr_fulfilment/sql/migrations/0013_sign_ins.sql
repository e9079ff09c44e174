-- Who signed in at the controller's provider, until it is decided what that proves.

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
