-- grain: event in the life of a customer id, of all runs before; ids of a run that kept no events begin where they are first named
-- reads: previous_identity_event, previous_identity_map
-- writes: stitch_history
WITH told AS (
    SELECT * FROM previous_identity_event
),

entries AS (
    SELECT
        customer_id,
        min(since_run) AS run_id,
        count(CASE WHEN source <> '' THEN 1 END) AS records,
        count(CASE WHEN source = '' THEN 1 END) AS identifiers
    FROM previous_identity_map
    WHERE NOT EXISTS (SELECT 1 FROM previous_identity_event)
    GROUP BY customer_id
)

SELECT run_id, run_no, event, customer_id, other_customer_id, records, identifiers, cause FROM told
UNION ALL
SELECT
    run_id,
    coalesce(try_cast(regexp_extract(run_id, '^r([0-9]+)', 1) AS INTEGER), 0) AS run_no,
    'created' AS event,
    customer_id,
    '' AS other_customer_id,
    records,
    identifiers,
    'data' AS cause
FROM entries
