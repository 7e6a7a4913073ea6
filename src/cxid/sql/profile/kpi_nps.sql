-- grain: period x segment
-- reads: kpi_respondent
-- writes: kpi_figure
WITH respondents AS (
    SELECT
        period,
        segment,
        CASE WHEN nps_group = 'promoter' THEN 1 WHEN nps_group = 'detractor' THEN -1 ELSE 0 END AS says
    FROM kpi_respondent
)

SELECT
    period,
    coalesce(segment, '') AS segment,
    '' AS currency,
    CAST(100 * coalesce(sum(says), 0) AS BIGINT) AS numerator,
    count(*) AS denominator,
    CAST(coalesce(sum(abs(says)), 0) AS BIGINT) AS spread
FROM respondents
GROUP BY GROUPING SETS ((period, segment), (period))
