-- grain: period
-- reads: kpi_buying_day
-- writes: kpi_figure
WITH seconds AS (
    SELECT period, date_diff('day', previous_day, day) AS days FROM kpi_buying_day WHERE place = 2
)

SELECT
    coalesce(period, 'total') AS period,
    '' AS segment,
    '' AS currency,
    CAST(coalesce(sum(days), 0) AS BIGINT) AS numerator,
    count(*) AS denominator,
    CAST(NULL AS BIGINT) AS spread
FROM seconds
GROUP BY GROUPING SETS ((period), ())
