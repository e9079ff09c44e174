-- The ends of all chains of evidence, noted once a day in a chain of their own for each controller (invariant 7).

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
