-- grain: last answer to the question of recommending, 0 to 10
-- reads: profile
-- writes: report_scores
WITH
answers AS (SELECT CAST(round(nps_last, 0) AS BIGINT) AS score FROM profile WHERE nps_last IS NOT NULL)

SELECT
    CAST(score AS VARCHAR) AS label,
    count(*) AS customers
FROM answers
GROUP BY score
ORDER BY score
