-- grain: number of customers of one household
-- reads: household
-- writes: report_households
WITH
homes AS (SELECT household_id, count(*) AS members FROM household GROUP BY household_id),

sized AS (SELECT CASE WHEN members > 5 THEN 6 ELSE members END AS size, members FROM homes)

SELECT
    CASE WHEN size = 6 THEN '6 or more' ELSE CAST(size AS VARCHAR) END AS label,
    count(*) AS households,
    CAST(sum(members) AS BIGINT) AS customers
FROM sized
GROUP BY size
ORDER BY size
