-- grain: period
-- reads: kpi_customer, kpi_active, kpi_period
-- writes: kpi_figure
WITH customers AS (
    SELECT customer_no, first_period FROM kpi_customer WHERE is_known AND first_period IS NOT NULL
),

active AS (
    SELECT coalesce(doings.period, 'total') AS period, count(DISTINCT doings.customer_no) AS engaged
    FROM kpi_active AS doings
    INNER JOIN customers ON doings.customer_no = customers.customer_no
    GROUP BY GROUPING SETS ((doings.period), ())
),

newcomers AS (SELECT first_period, count(*) AS customers FROM customers GROUP BY first_period),

periods AS (
    SELECT
        periods.period,
        CAST(sum(coalesce(newcomers.customers, 0)) OVER (ORDER BY periods.starts) AS BIGINT) AS customers
    FROM kpi_period AS periods
    LEFT JOIN newcomers ON periods.period = newcomers.first_period
),

known AS (
    SELECT period, customers FROM periods
    UNION ALL
    SELECT 'total' AS period, count(*) AS customers FROM customers
)

SELECT
    known.period,
    '' AS segment,
    '' AS currency,
    coalesce(active.engaged, 0) AS numerator,
    known.customers AS denominator,
    CAST(NULL AS BIGINT) AS spread
FROM known
LEFT JOIN active ON known.period = active.period
