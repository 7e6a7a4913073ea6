-- grain: currency in which customers are expected to spend
-- reads: profile
-- writes: report_worth
WITH
buyers AS (
    SELECT currency, clv_12m, baseline_12m
    FROM profile
    WHERE orders > 0
)

SELECT
    coalesce(currency, '') AS label,
    count(*) AS customers,
    count(clv_12m) AS foretold,
    sum(clv_12m) AS clv,
    sum(baseline_12m) AS baseline
FROM buyers
GROUP BY coalesce(currency, '')
ORDER BY customers DESC, label
