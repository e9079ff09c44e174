-- name: publish_notice
-- A version is written once; a replay changes nothing.
INSERT INTO notices (controller_id, version, published_at, notice) VALUES ($1, $2, $3, $4::jsonb)
ON CONFLICT ON CONSTRAINT notices_pk DO NOTHING;

-- name: notice
-- One version, or the newest where none is asked for.
SELECT notice FROM notices
WHERE controller_id = $1 AND ($2::int IS NULL OR version = $2) ORDER BY version DESC LIMIT 1;

-- name: notice_versions
-- Every version with its day, the newest first.
SELECT version, published_at FROM notices WHERE controller_id = $1 ORDER BY version DESC;
