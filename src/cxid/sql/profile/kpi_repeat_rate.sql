-- grain: period
-- reads: kpi_order
-- writes: kpi_figure
SELECT
    coalesce(period, 'total') AS period,
    '' AS segment,
    '' AS currency,
    count(DISTINCT CASE WHEN place > 1 THEN customer_no END) AS numerator,
    count(DISTINCT customer_no) AS denominator,
    CAST(NULL AS BIGINT) AS spread
FROM kpi_order
GROUP BY GROUPING SETS ((period), ())
