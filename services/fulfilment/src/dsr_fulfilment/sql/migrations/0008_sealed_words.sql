-- What staff type is about people, so it lies sealed; words typed before this are taken away, for SQL can't seal them.
-- Letters can be posted or sent once more, and a blob goes only after the transaction that gave it up.

ALTER TABLE tasks DROP COLUMN proof;
ALTER TABLE tasks ADD COLUMN proof_sealed jsonb;
COMMENT ON COLUMN tasks.kind IS
    'search_paper, destroy_paper, confirm_rights, identify, approve_plan, unreadable, letter_failed, post_letter, needs_person';

ALTER TABLE case_systems ADD COLUMN code text;
ALTER TABLE case_systems ADD COLUMN reason_sealed jsonb;
UPDATE case_systems SET code = CASE
    WHEN decided_by IS NULL OR reason = 'person_not_identified' THEN reason
    WHEN reason IS NOT NULL THEN 'not_carried_over' END;
ALTER TABLE case_systems DROP COLUMN reason;
ALTER TABLE case_systems RENAME COLUMN code TO reason;
COMMENT ON COLUMN case_systems.reason IS 'A code: a ground, or why the machine did not search; never a person''s words';

ALTER TABLE breaches DROP COLUMN risk_reason;
ALTER TABLE breaches DROP COLUMN delay_reason;
ALTER TABLE breaches DROP COLUMN authority_receipt;
ALTER TABLE breaches ADD COLUMN exemption text
    CHECK (exemption IN ('data_unintelligible', 'risk_removed', 'disproportionate_effort'));
ALTER TABLE breaches ADD COLUMN exempted_at timestamptz;
ALTER TABLE breaches ADD COLUMN exempted_by text;

ALTER TABLE breach_tasks DROP COLUMN what_was_done;
ALTER TABLE breach_tasks ADD COLUMN what_was_done_sealed jsonb;

ALTER TABLE access_log DROP COLUMN reason;
ALTER TABLE access_log ADD COLUMN reason text NOT NULL DEFAULT 'not_carried_over';
ALTER TABLE access_log ALTER COLUMN reason DROP DEFAULT;
ALTER TABLE access_log ADD COLUMN reason_sealed jsonb;
COMMENT ON COLUMN access_log.reason IS 'A code; other where the reason was typed and lies sealed';

-- Written anew, a table keeps nothing of a column that was dropped.
CLUSTER tasks USING tasks_pkey;
ALTER TABLE tasks SET WITHOUT CLUSTER;
CLUSTER case_systems USING case_systems_pk;
ALTER TABLE case_systems SET WITHOUT CLUSTER;
CLUSTER breaches USING breaches_pkey;
ALTER TABLE breaches SET WITHOUT CLUSTER;
CLUSTER breach_tasks USING breach_tasks_pkey;
ALTER TABLE breach_tasks SET WITHOUT CLUSTER;
CLUSTER access_log USING access_log_pkey;
ALTER TABLE access_log SET WITHOUT CLUSTER;

ALTER TABLE letters ADD COLUMN way text NOT NULL DEFAULT 'mail' CHECK (way IN ('mail', 'post'));
ALTER TABLE letters ADD COLUMN content_sealed jsonb;
COMMENT ON COLUMN letters.content_sealed IS 'What it says, to be posted or sent once more; nothing of the letters of a breach';
ALTER TABLE letters DROP CONSTRAINT letters_state_check;
ALTER TABLE letters ADD CONSTRAINT letters_state_check
    CHECK (state IN ('requested', 'accepted', 'failed', 'told_otherwise', 'resent'));

CREATE TABLE blobs_to_delete (
    name text NOT NULL,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT blobs_to_delete_pk PRIMARY KEY (name)
);
COMMENT ON TABLE blobs_to_delete IS 'Given up by a transaction that committed; the row goes when the blob is gone';
SELECT enforce_controller('blobs_to_delete');
