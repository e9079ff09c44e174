-- The breach desk: what the authority answered, where each person was found, and what waits for a person.

ALTER TABLE breaches ADD COLUMN authority_receipt text;
ALTER TABLE breach_persons ADD COLUMN systems text[] NOT NULL DEFAULT '{}';
ALTER TABLE breach_persons ADD COLUMN has_address boolean NOT NULL DEFAULT true;

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
    what_was_done text,
    CONSTRAINT breach_tasks_once UNIQUE (breach_id, kind, about)
);
COMMENT ON COLUMN breach_tasks.about IS 'A system, a letter or a reminder of the register; never a person';
SELECT enforce_controller('breach_tasks');
