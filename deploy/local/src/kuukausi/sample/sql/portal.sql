-- The customers' portal: accounts, and who wants the newsletter.
CREATE TABLE logins (
    id uuid PRIMARY KEY,
    username text NOT NULL UNIQUE,
    email text NOT NULL,
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz
);
CREATE INDEX logins_email ON logins (lower(btrim(email)));
CREATE TABLE login_events (
    login_id uuid NOT NULL REFERENCES logins,
    at timestamptz NOT NULL,
    address inet NOT NULL,
    browser text NOT NULL,
    PRIMARY KEY (login_id, at)
);
CREATE TABLE newsletter_consents (
    email text NOT NULL,
    list text NOT NULL,
    given_at timestamptz NOT NULL,
    given_by text NOT NULL,
    withdrawn_at timestamptz,
    PRIMARY KEY (email, list)
);
