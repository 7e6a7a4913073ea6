-- grain: whole bit of match weight; all below -20 and above 40 together
-- reads: link_pair
-- writes: report_weights
WITH
pairs AS (SELECT CAST(floor(weight / 1000000.0) AS BIGINT) AS bits FROM link_pair),
clipped AS (SELECT CASE WHEN bits < -20 THEN -20 WHEN bits > 40 THEN 40 ELSE bits END AS bits FROM pairs)

SELECT
    CAST(bits AS VARCHAR) AS label,
    count(*) AS pairs
FROM clipped
GROUP BY bits
ORDER BY bits
