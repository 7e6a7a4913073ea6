-- grain: group by the last answer to the question of recommending
-- reads: profile
-- writes: report_nps
WITH
answers AS (SELECT nps_group FROM profile WHERE nps_group IS NOT NULL)

SELECT
    nps_group AS label,
    count(*) AS customers
FROM answers
GROUP BY nps_group
ORDER BY nps_group
