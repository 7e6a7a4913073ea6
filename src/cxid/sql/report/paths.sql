-- grain: channel of the first touch with the stage that its known customers are in
-- reads: profile
-- writes: report_paths
WITH
customers AS (
    SELECT first_touch_channel, stage
    FROM profile
    WHERE is_known AND first_touch_channel IS NOT NULL AND stage IS NOT NULL
)

SELECT
    first_touch_channel AS label,
    stage,
    count(*) AS customers
FROM customers
GROUP BY first_touch_channel, stage
ORDER BY first_touch_channel, stage
