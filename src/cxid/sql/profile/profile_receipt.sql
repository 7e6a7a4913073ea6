-- grain: customer x receipt x currency
-- reads: profile_sale
-- writes: profile_receipt
WITH sales AS (SELECT customer_no, receipt, time, day, currency, is_refund, net FROM profile_sale)
SELECT
    customer_no,
    receipt,
    currency,
    max(1 - is_refund) AS is_purchase,
    -- what came back under the number of the purchase itself is later than it
    min(CASE WHEN is_refund = 0 THEN time END) AS bought_at,
    min(CASE WHEN is_refund = 0 THEN day END) AS bought_on,
    max(CASE WHEN is_refund = 0 THEN time END) AS last_bought_at,
    max(CASE WHEN is_refund = 0 THEN day END) AS last_bought_on,
    min(CASE WHEN is_refund = 1 THEN time END) AS returned_at,
    min(CASE WHEN is_refund = 1 THEN day END) AS returned_on,
    CAST(sum(CASE WHEN is_refund = 0 THEN net ELSE 0 END) AS DECIMAL(28, 4)) AS bought,
    CAST(sum(CASE WHEN is_refund = 1 THEN -net ELSE 0 END) AS DECIMAL(28, 4)) AS returned
FROM sales
GROUP BY customer_no, receipt, currency
