-- grain: stage with the one that known customers entered from it
-- reads: profile, customer_stage
-- writes: report_moves
WITH
customers AS (SELECT customer_id, as_of FROM profile WHERE is_known),

spans AS (SELECT customer_id, stage, since FROM customer_stage),

entered AS (
    SELECT
        customers.customer_id,
        coalesce(
            lag(spans.stage) OVER (PARTITION BY spans.customer_id ORDER BY spans.since), 'unknown'
        ) AS stage_before,
        spans.stage,
        spans.since > customers.as_of - INTERVAL 1 DAY * 90 AS is_recent
    FROM spans
    INNER JOIN customers ON spans.customer_id = customers.customer_id
)

SELECT
    stage_before AS label,
    stage,
    count(DISTINCT customer_id) AS customers,
    count(DISTINCT CASE WHEN is_recent THEN customer_id END) AS recent
FROM entered
WHERE stage_before <> stage
GROUP BY stage_before, stage
ORDER BY customers DESC, label, stage
