-- grain: stage of known customers a year before as_of with the one they are in at as_of
-- reads: profile, customer_stage
-- writes: report_shift
WITH
customers AS (
    SELECT customer_id, stage, as_of - INTERVAL 1 DAY * 365 AS year_ago
    FROM profile
    WHERE is_known AND stage IS NOT NULL
),

spans AS (SELECT customer_id, stage, since, until FROM customer_stage)

SELECT
    -- before the first span nothing is known of a customer
    coalesce(spans.stage, 'unknown') AS label,
    customers.stage AS stage,
    count(*) AS customers
FROM customers
LEFT JOIN spans
    ON
        customers.customer_id = spans.customer_id
        AND spans.since <= customers.year_ago
        AND (spans.until IS NULL OR spans.until > customers.year_ago)
GROUP BY coalesce(spans.stage, 'unknown'), customers.stage
ORDER BY label, stage
