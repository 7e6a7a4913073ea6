-- grain: kind of change of customers since the run before; nothing in a first run
-- reads: identity_event
-- writes: report_identity
WITH events AS (
    SELECT * FROM identity_event WHERE run_id = $run_id
),

begun AS (
    SELECT customer_id FROM events WHERE event = 'created'
),

kinds AS (
    SELECT
        CASE
            WHEN events.event = 'created' AND events.other_customer_id = '' THEN 1
            WHEN events.event = 'created' THEN 2
            WHEN events.event = 'absorbed' THEN 3
            WHEN events.event = 'retired' THEN 4
            WHEN events.event = 'split' AND begun.customer_id IS NULL THEN 5
        END AS kind,
        events.customer_id,
        events.records,
        events.cause
    FROM events
    LEFT JOIN begun ON events.other_customer_id = begun.customer_id
    WHERE EXISTS (SELECT 1 FROM identity_event WHERE run_id <> $run_id)
)

SELECT
    CASE kind
        WHEN 1 THEN 'created'
        WHEN 2 THEN 'split'
        WHEN 3 THEN 'merged'
        WHEN 4 THEN 'retired'
        ELSE 'moved'
    END AS label,
    count(*) AS changes,
    CAST(sum(records) AS BIGINT) AS records,
    count(CASE WHEN cause = 'data' THEN 1 END) AS by_data,
    count(CASE WHEN cause = 'config' THEN 1 END) AS by_config,
    count(CASE WHEN cause = 'decision' THEN 1 END) AS by_decision
FROM kinds
WHERE kind IS NOT NULL
GROUP BY kind
ORDER BY kind
