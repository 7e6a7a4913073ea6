-- grain: customer with a purchase or refund
-- reads: profile_sale, profile_receipt, profile_return, profile_today
-- writes: profile_order
WITH sales AS (SELECT customer_no, receipt, category FROM profile_sale WHERE is_refund = 0 AND category IS NOT NULL),
today AS (SELECT today FROM profile_today),
-- a receipt in two currencies is one
receipts AS (
    SELECT
        customer_no,
        receipt,
        max(is_purchase) AS is_purchase,
        max(CASE WHEN returned_at IS NOT NULL THEN 1 ELSE 0 END) AS is_refund,
        min(bought_at) AS first_at,
        max(last_bought_at) AS last_at,
        max(last_bought_on) AS last_on
    FROM profile_receipt
    GROUP BY customer_no, receipt
),
totals AS (
    SELECT
        customer_no,
        CAST(sum(is_purchase) AS BIGINT) AS orders,
        CAST(sum(is_refund) AS BIGINT) AS refunds,
        min(first_at) AS first_purchase_at,
        max(last_at) AS last_purchase_at,
        max(last_on) AS last_purchase_on
    FROM receipts
    GROUP BY customer_no
),
returns AS (
    SELECT customer_no, count(DISTINCT receipt) AS orders_returned FROM profile_return WHERE is_purchase = 1
    GROUP BY customer_no
),
by_category AS (
    SELECT customer_no, category, count(DISTINCT receipt) AS orders
    FROM sales
    GROUP BY customer_no, category
),
ranked AS (
    SELECT
        customer_no, category,
        row_number() OVER (PARTITION BY customer_no ORDER BY orders DESC, category) AS place
    FROM by_category
),
categories AS (
    SELECT
        customer_no,
        count(*) AS category_count,
        max(CASE WHEN place = 1 THEN category END) AS top_category
    FROM ranked
    GROUP BY customer_no
)
SELECT
    totals.customer_no,
    totals.orders,
    totals.refunds,
    coalesce(returns.orders_returned, 0) AS orders_returned,
    totals.first_purchase_at,
    totals.last_purchase_at,
    totals.last_purchase_on,
    date_diff('day', totals.last_purchase_on, today.today) AS days_since_purchase,
    categories.category_count,
    categories.top_category
FROM totals
CROSS JOIN today
LEFT JOIN categories ON categories.customer_no = totals.customer_no
LEFT JOIN returns ON returns.customer_no = totals.customer_no
