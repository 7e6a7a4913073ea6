-- grain: customer in a trial, by its log
-- reads: sim_log_row
-- writes: sim_logged
WITH logged AS (SELECT customer_id, arm, time FROM sim_log_row WHERE customer_id IS NOT NULL)

SELECT
    customer_id,
    CASE WHEN min(arm) = max(arm) THEN min(arm) ELSE 'both' END AS arm,
    min(time) AS since
FROM logged
GROUP BY customer_id
