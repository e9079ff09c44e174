-- What a company's own programs are told about its cases, until they took it or it is given up.

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
