-- grain: event in the life of a customer id, this run's after all earlier ones
-- reads: stitch_history, stitch_change, stitch_changed_member
-- writes: identity_event
WITH members AS (
    SELECT * FROM stitch_changed_member
),

present AS (
    SELECT
        changes.event,
        changes.customer_id,
        changes.other_customer_id,
        changes.records,
        changes.identifiers,
        CASE
            WHEN coalesce(before_run.is_decided, 0) + coalesce(this_run.is_decided, 0) > 0 THEN 'decision'
            WHEN coalesce(before_run.is_changed, 0) + coalesce(this_run.is_changed, 0) > 0 THEN 'data'
            WHEN changes.event = 'created' AND changes.other_customer_id = '' AND changes.records > 0 THEN 'data'
            WHEN $is_config THEN 'config'
            ELSE 'data'
        END AS cause
    FROM stitch_change AS changes
    LEFT JOIN members AS before_run ON changes.earlier_id = before_run.earlier_id
    LEFT JOIN members AS this_run ON changes.customer_no = this_run.customer_no
)

SELECT
    run_id,
    run_no,
    event,
    customer_id,
    other_customer_id,
    records,
    identifiers,
    cause
FROM stitch_history
UNION ALL
SELECT
    $run_id AS run_id,
    CAST($run_no AS INTEGER) AS run_no,
    event,
    customer_id,
    other_customer_id,
    records,
    identifiers,
    cause
FROM present
