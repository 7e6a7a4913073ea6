-- grain: period
-- reads: kpi_customer
-- writes: kpi_figure
WITH customers AS (SELECT first_touch_period, is_known FROM kpi_customer WHERE came_as_device)
SELECT
    coalesce(first_touch_period, 'total') AS period,
    '' AS segment,
    '' AS currency,
    count(CASE WHEN is_known THEN 1 END) AS numerator,
    count(*) AS denominator,
    CAST(NULL AS BIGINT) AS spread
FROM customers
GROUP BY GROUPING SETS ((first_touch_period), ())
