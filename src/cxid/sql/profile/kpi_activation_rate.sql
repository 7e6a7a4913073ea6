-- grain: period
-- reads: kpi_customer, kpi_order, kpi_rule
-- writes: kpi_figure
WITH rules AS (SELECT today, activation_days FROM kpi_rule),

firsts AS (SELECT customer_no, day FROM kpi_order WHERE place = 1),

customers AS (
    SELECT
        customers.first_period,
        date_diff('day', customers.first_day, firsts.day) <= rules.activation_days AS is_activated
    FROM kpi_customer AS customers
    CROSS JOIN rules
    LEFT JOIN firsts ON customers.customer_no = firsts.customer_no
    WHERE customers.is_known AND date_diff('day', customers.first_day, rules.today) >= rules.activation_days
)

SELECT
    coalesce(first_period, 'total') AS period,
    '' AS segment,
    '' AS currency,
    count(CASE WHEN is_activated THEN 1 END) AS numerator,
    count(*) AS denominator,
    CAST(NULL AS BIGINT) AS spread
FROM customers
GROUP BY GROUPING SETS ((first_period), ())
