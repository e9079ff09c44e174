-- name: publish_register
-- The next version where the register changed; nothing where it did not.
INSERT INTO registers (controller_id, version, sha256) VALUES ($1, 1, $2)
ON CONFLICT (controller_id) DO UPDATE SET version = registers.version + 1, sha256 = excluded.sha256, published_at = now()
WHERE registers.sha256 <> excluded.sha256
RETURNING version;

-- name: next_reference
-- Counts the controller's cases of a year without gaps.
INSERT INTO case_counters (controller_id, year, last) VALUES ($1, $2, 1)
ON CONFLICT ON CONSTRAINT case_counters_pk DO UPDATE SET last = case_counters.last + 1
RETURNING last;

-- name: open_case
-- The case as it arrived; its clock is fixed here and never moves by itself.
INSERT INTO cases (case_id, controller_id, reference, channel, language, rights, state, received_at, due_on,
                   is_on_behalf, needs_person, person_sealed, message_sealed, arrival_event_id, arrival_event_type,
                   raw, raw_sha256)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
RETURNING *;

-- name: load_case
-- One case as it stands.
SELECT * FROM cases WHERE case_id = $1;

-- name: lock_case
-- One case, held until the transaction ends.
SELECT * FROM cases WHERE case_id = $1 FOR UPDATE;

-- name: set_state
-- The lifecycle decided; `domain/lifecycle.py` holds the table.
UPDATE cases SET state = $2,
    answered_at = CASE WHEN $2 = 'answered' THEN coalesce(answered_at, now()) ELSE answered_at END,
    closed_at = CASE WHEN $2 IN ('closed', 'refused', 'withdrawn', 'destroyed') THEN coalesce(closed_at, now()) ELSE NULL END
WHERE case_id = $1 RETURNING *;

-- name: set_needs_person
-- Why a person must look, or null when somebody did.
UPDATE cases SET needs_person = $2 WHERE case_id = $1 RETURNING *;

-- name: set_rights
-- A person confirmed what is asked.
UPDATE cases SET rights = $2, needs_person = NULL WHERE case_id = $1 RETURNING *;

-- name: set_verified
-- How the person was found to be the right one.
UPDATE cases SET is_verified = true, verified_at = now(), verified_by = $2, needs_person = NULL
WHERE case_id = $1 RETURNING *;

-- name: set_letter_address
-- Where letters of this case go.
UPDATE cases SET letter_address_sealed = $2 WHERE case_id = $1 RETURNING *;

-- name: set_extension
-- The notice was accepted in time, so the later date holds; the first one stays in view. NULL takes it back.
UPDATE cases SET extended_due_on = $2 WHERE case_id = $1 RETURNING *;

-- name: propose_extension
-- The ground, until the notice is accepted.
UPDATE cases SET extension_ground = $2 WHERE case_id = $1 RETURNING *;

-- name: forget_case
-- After the key is gone the sealed fields serve nobody.
UPDATE cases SET state = 'destroyed', person_sealed = NULL, message_sealed = NULL, letter_address_sealed = NULL,
    raw = NULL, needs_person = NULL, closed_at = coalesce(closed_at, now())
WHERE case_id = $1 RETURNING *;

-- name: forget_messages
-- Likewise for what came later.
DELETE FROM case_messages WHERE case_id = $1;

-- name: forget_proofs
-- Likewise for what staff noted about its tasks.
UPDATE tasks SET proof_sealed = NULL WHERE case_id = $1;

-- name: forget_reasons
-- Likewise for why a system was not searched, or what was kept.
UPDATE case_systems SET reason_sealed = NULL WHERE case_id = $1;

-- name: forget_letters
-- Likewise for what its letters said.
UPDATE letters SET content_sealed = NULL WHERE case_id = $1;

-- name: forget_sign_ins
-- Likewise for who signed in.
DELETE FROM sign_ins WHERE case_id = $1;

-- name: cases_named
-- By the reference that staff see, or by id.
SELECT * FROM cases WHERE reference = $1 OR case_id = $2 ORDER BY controller_id;

-- name: destroyed_beyond_recall
-- Destroyed everywhere before the oldest wrapping key that is left was made: no copy of their keys can be opened.
SELECT c.* FROM cases AS c
WHERE c.state = 'destroyed'
    AND NOT EXISTS (SELECT FROM evidence AS e WHERE e.case_id = c.case_id AND e.kind = 'irrecoverable')
    AND (
        SELECT count(DISTINCT e.facts ->> 'service') FROM evidence AS e
        WHERE e.case_id = c.case_id AND e.kind = 'key_destroyed' AND e.occurred_at < $1
    ) = $2
ORDER BY c.case_id;

-- name: add_message
-- Something more came for the case.
INSERT INTO case_messages (message_id, controller_id, case_id, channel, kind, problem, received_at, person_sealed,
                           message_sealed, raw)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: set_match
-- Whether a system knows the person; nothing else is looked up before verification.
INSERT INTO case_systems (controller_id, case_id, system, has_match) VALUES ($1, $2, $3, $4)
ON CONFLICT ON CONSTRAINT case_systems_pk DO UPDATE SET has_match = excluded.has_match;

-- name: set_system_outcome
-- What became of a system; a person's reason stands sealed beside not_searched and kept.
INSERT INTO case_systems (controller_id, case_id, system, outcome, item_count, reason, decided_by, reason_sealed,
                          searched_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now())
ON CONFLICT ON CONSTRAINT case_systems_pk DO UPDATE SET outcome = excluded.outcome, item_count = excluded.item_count,
    reason = excluded.reason, decided_by = excluded.decided_by, reason_sealed = excluded.reason_sealed,
    searched_at = now();

-- name: case_systems
-- Every mapped system of the case, in the register's order by name.
SELECT system, has_match, outcome, item_count, reason, reason_sealed, decided_by, searched_at
FROM case_systems WHERE case_id = $1 ORDER BY system;

-- name: add_challenge
-- A link that was minted; only its hash is kept.
INSERT INTO challenges (challenge_id, controller_id, case_id, token_hash, proves, expires_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: last_challenge
-- What the newest link of a case proves.
SELECT proves FROM challenges WHERE case_id = $1 ORDER BY challenge_id DESC LIMIT 1;

-- name: answer_challenge
-- The first answer in time counts; any later one finds nothing.
UPDATE challenges SET answered_at = $2
WHERE challenge_id = $1 AND answered_at IS NULL AND expires_at >= $2
RETURNING case_id, proves;

-- name: add_package
-- A sealed package and where it lies.
INSERT INTO packages (package_id, controller_id, case_id, token_hash, blob, expires_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: living_package
-- The package of a case that can still be fetched.
SELECT * FROM packages WHERE case_id = $1 AND deleted_at IS NULL ORDER BY built_at DESC LIMIT 1;

-- name: load_package
-- One package.
SELECT * FROM packages WHERE package_id = $1 AND deleted_at IS NULL;

-- name: package_downloaded
-- The first download starts the 30 days.
UPDATE packages SET downloaded_at = coalesce(downloaded_at, $2) WHERE package_id = $1 RETURNING case_id, downloaded_at;

-- name: packages_to_delete
-- 30 days after the first download, 60 days after building at the most.
SELECT package_id, controller_id, case_id, blob FROM packages
WHERE deleted_at IS NULL AND (downloaded_at < now() - interval '30 days' OR built_at < now() - interval '60 days');

-- name: package_deleted
-- The blob is gone.
UPDATE packages SET deleted_at = now() WHERE package_id = $1 AND deleted_at IS NULL RETURNING case_id;
