-- grain: period x currency
-- reads: kpi_sale, kpi_customer
-- writes: kpi_figure
WITH sales AS (
    SELECT kpi_sale.period, kpi_sale.currency, kpi_sale.net, kpi_customer.is_influencer
    FROM kpi_sale
    INNER JOIN kpi_customer ON kpi_sale.customer_no = kpi_customer.customer_no
)

SELECT
    coalesce(period, 'total') AS period,
    '' AS segment,
    currency,
    coalesce(sum(CASE WHEN is_influencer THEN net END), 0) AS numerator,
    sum(net) AS denominator,
    CAST(NULL AS BIGINT) AS spread
FROM sales
GROUP BY GROUPING SETS ((period, currency), (currency))
