-- grain: band of ages of known customers
-- reads: profile
-- writes: report_ages
WITH
customers AS (SELECT age_band FROM profile WHERE is_known AND age_band IS NOT NULL)

SELECT
    age_band AS label,
    count(*) AS customers
FROM customers
GROUP BY age_band
ORDER BY CASE WHEN age_band = 'under 18' THEN 0 ELSE 1 END, age_band
