-- grain: thing that happened to customers in the run after, in this room's words, with its cause
-- reads: after_identity_event
-- writes: diff_cause
WITH events AS (
    SELECT event, customer_id, other_customer_id, cause FROM after_identity_event WHERE run_no = $run_no
),

begun AS (
    SELECT customer_id, other_customer_id FROM events WHERE event = 'created'
)

SELECT
    CASE
        WHEN events.event = 'created' AND events.other_customer_id <> '' THEN 'split'
        WHEN events.event = 'absorbed' THEN 'merged'
        WHEN events.event = 'split' THEN 'moved'
        ELSE events.event
    END AS event,
    events.customer_id,
    events.other_customer_id,
    events.cause
FROM events
LEFT JOIN begun ON events.other_customer_id = begun.customer_id AND events.customer_id = begun.other_customer_id
WHERE events.event <> 'merged' AND (events.event <> 'split' OR begun.customer_id IS NULL)
