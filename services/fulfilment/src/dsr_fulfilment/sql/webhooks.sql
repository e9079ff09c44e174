-- name: tell_webhook
-- Something to tell, unless the case was told as just that last.
INSERT INTO webhook_calls (call_id, controller_id, case_id, facts)
SELECT $1, $2, $3, $4::jsonb
WHERE (SELECT facts - 'changed_at' FROM webhook_calls WHERE case_id = $3 ORDER BY call_id DESC LIMIT 1)
    IS DISTINCT FROM $4::jsonb - 'changed_at';

-- name: claim_webhook
-- One due call, for as long as the lease lasts; a later one of a case waits for the earlier.
UPDATE webhook_calls SET lease_token = $1, lease_until = now() + $2::interval, attempts = attempts + 1
WHERE call_id = (
    SELECT w.call_id FROM webhook_calls w
    WHERE w.state = 'waiting' AND w.not_before <= now() AND (w.lease_until IS NULL OR w.lease_until < now())
      AND NOT EXISTS (SELECT FROM webhook_calls e
                      WHERE e.case_id = w.case_id AND e.call_id < w.call_id AND e.state = 'waiting')
    ORDER BY w.not_before LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING call_id, controller_id, facts, attempts;

-- name: webhook_delivered
-- Only the holder of the lease may say so.
UPDATE webhook_calls SET state = 'delivered', done_at = now(), lease_token = NULL, lease_until = NULL, last_error = NULL
WHERE call_id = $1 AND lease_token = $2;

-- name: webhook_failed
-- Tried again after a pause, or given up where there is none; the error is a code.
UPDATE webhook_calls SET lease_token = NULL, lease_until = NULL, last_error = $4,
    state = CASE WHEN $3::interval IS NULL THEN 'dead' ELSE 'waiting' END,
    not_before = now() + coalesce($3::interval, interval '0'),
    done_at = CASE WHEN $3::interval IS NULL THEN now() END
WHERE call_id = $1 AND lease_token = $2;

-- name: webhooks_left
-- What waits and what was given up, for the metrics.
SELECT controller_id, state, count(*) AS calls FROM webhook_calls WHERE state <> 'delivered' GROUP BY 1, 2;

-- name: webhooks_again
-- What was given up is tried anew.
UPDATE webhook_calls SET state = 'waiting', attempts = 0, not_before = now(), done_at = NULL
WHERE controller_id = $1 AND state = 'dead' RETURNING call_id;

-- name: old_webhooks
-- What was delivered a month ago.
DELETE FROM webhook_calls WHERE state = 'delivered' AND done_at < now() - interval '30 days';
