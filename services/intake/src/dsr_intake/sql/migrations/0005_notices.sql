-- Every version of each controller's privacy notice, for everybody to read.

CREATE TABLE notices (
    controller_id text NOT NULL,
    version int NOT NULL CHECK (version >= 1),
    published_at timestamptz NOT NULL,
    notice jsonb NOT NULL,
    CONSTRAINT notices_pk PRIMARY KEY (controller_id, version)
);
COMMENT ON TABLE notices IS 'Public words with their change list; never altered, never removed';
SELECT enforce_controller('notices');
