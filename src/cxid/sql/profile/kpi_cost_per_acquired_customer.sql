-- grain: period x currency
-- reads: kpi_cost, kpi_order
-- writes: kpi_figure
WITH costs AS (
    SELECT coalesce(period, 'total') AS period, currency, sum(amount) AS cost
    FROM kpi_cost
    GROUP BY GROUPING SETS ((period, currency), (currency))
),

orders AS (SELECT period FROM kpi_order WHERE place = 1),

buyers AS (
    SELECT coalesce(period, 'total') AS period, count(*) AS buyers FROM orders GROUP BY GROUPING SETS ((period), ())
)

SELECT
    costs.period,
    '' AS segment,
    costs.currency,
    costs.cost AS numerator,
    coalesce(buyers.buyers, 0) AS denominator,
    CAST(NULL AS BIGINT) AS spread
FROM costs
LEFT JOIN buyers ON costs.period = buyers.period
