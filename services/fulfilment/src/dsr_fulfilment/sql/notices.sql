-- name: latest_notice
-- The version that holds now.
SELECT notice FROM notices WHERE controller_id = $1 ORDER BY version DESC LIMIT 1;

-- name: add_notice
-- A version is written once.
INSERT INTO notices (controller_id, version, published_at, notice) VALUES ($1, $2, $3, $4::jsonb);

-- name: notices_of_controller
-- Every version, the newest first.
SELECT notice FROM notices WHERE controller_id = $1 ORDER BY version DESC;
