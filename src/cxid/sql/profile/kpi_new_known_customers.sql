-- grain: period
-- reads: kpi_customer
-- writes: kpi_figure
WITH customers AS (SELECT first_period FROM kpi_customer WHERE is_known AND first_period IS NOT NULL)
SELECT
    coalesce(first_period, 'total') AS period,
    '' AS segment,
    '' AS currency,
    count(*) AS numerator,
    CAST(NULL AS BIGINT) AS denominator,
    CAST(NULL AS BIGINT) AS spread
FROM customers
GROUP BY GROUPING SETS ((first_period), ())
