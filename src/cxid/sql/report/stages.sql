-- grain: stage in which known customers are at as_of
-- reads: profile
-- writes: report_stages
WITH
customers AS (SELECT stage FROM profile WHERE is_known AND stage IS NOT NULL)

SELECT
    stage AS label,
    count(*) AS customers
FROM customers
GROUP BY stage
ORDER BY customers DESC, stage
