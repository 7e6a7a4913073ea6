-- grain: customer x currency
-- reads: profile_receipt
-- writes: profile_money
WITH receipts AS (SELECT customer_no, currency, is_purchase, bought, returned FROM profile_receipt)
SELECT
    customer_no,
    currency,
    CAST(sum(is_purchase) AS BIGINT) AS orders,
    CAST(sum(bought - returned) AS DECIMAL(28, 4)) AS revenue,
    CAST(sum(bought) AS DECIMAL(28, 4)) AS gross
FROM receipts
GROUP BY customer_no, currency
