-- grain: currency, with what known sales in it come to
-- reads: kpi_owned_sale
-- writes: kpi_money
SELECT
    currency,
    count(DISTINCT CASE WHEN is_refund = 0 THEN customer_no END) AS buyers,
    CAST(sum(net) AS DECIMAL(38, 4)) AS revenue
FROM kpi_owned_sale
GROUP BY currency
ORDER BY buyers DESC, currency
