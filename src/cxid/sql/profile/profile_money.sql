-- grain: customer x currency
-- reads: profile_sale
-- writes: profile_money
WITH sales AS (SELECT customer_no, receipt, currency, is_refund, net FROM profile_sale)
SELECT
    customer_no,
    currency,
    count(DISTINCT CASE WHEN is_refund = 0 THEN receipt END) AS orders,
    CAST(sum(net) AS DECIMAL(28, 4)) AS revenue,
    CAST(sum(CASE WHEN is_refund = 0 THEN net ELSE 0 END) AS DECIMAL(28, 4)) AS gross
FROM sales
GROUP BY customer_no, currency
