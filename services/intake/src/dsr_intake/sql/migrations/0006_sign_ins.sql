-- People may sign in at a provider of the controller's to prove who they are.

CREATE TABLE sign_ins (
    state_hash text PRIMARY KEY,
    controller_id text NOT NULL,
    case_id uuid NOT NULL,
    browser_hash text NOT NULL,
    expires_at timestamptz NOT NULL,
    taken_at timestamptz,
    proved_at timestamptz
);
COMMENT ON TABLE sign_ins IS 'Sign-ins at a provider on their way: hashes of the state and of the secret in the cookie. Who signed in is not here';
CREATE INDEX sign_ins_case ON sign_ins (controller_id, case_id);
CREATE INDEX sign_ins_old ON sign_ins (expires_at) WHERE proved_at IS NULL;
SELECT enforce_controller('sign_ins');
