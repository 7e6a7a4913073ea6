-- grain: customer with a purchase or refund
-- reads: profile_sale, profile_return, profile_today
-- writes: profile_order
WITH sales AS (SELECT customer_no, receipt, time, day, category, is_refund FROM profile_sale),
today AS (SELECT today FROM profile_today),
totals AS (
    SELECT
        customer_no,
        count(DISTINCT CASE WHEN is_refund = 0 THEN receipt END) AS orders,
        count(DISTINCT CASE WHEN is_refund = 1 THEN receipt END) AS refunds,
        min(CASE WHEN is_refund = 0 THEN time END) AS first_purchase_at,
        max(CASE WHEN is_refund = 0 THEN time END) AS last_purchase_at,
        max(CASE WHEN is_refund = 0 THEN day END) AS last_purchase_on
    FROM sales
    GROUP BY customer_no
),
returns AS (
    SELECT customer_no, count(DISTINCT receipt) AS orders_returned FROM profile_return WHERE is_purchase = 1
    GROUP BY customer_no
),
by_category AS (
    SELECT customer_no, category, count(DISTINCT receipt) AS orders
    FROM sales
    WHERE is_refund = 0 AND category IS NOT NULL
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
