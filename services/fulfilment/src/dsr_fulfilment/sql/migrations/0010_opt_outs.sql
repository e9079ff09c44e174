-- Opt-outs that the machine writes, and the addresses that must not be added anew.

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
