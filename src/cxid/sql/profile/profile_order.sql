-- grain: customer with a purchase or refund
-- reads: profile_sale, profile_moment
-- writes: profile_order
WITH sales AS (SELECT customer_no, receipt, time, category, is_refund FROM profile_sale),
moment AS (SELECT as_of FROM profile_moment),
totals AS (
    SELECT
        customer_no,
        count(DISTINCT CASE WHEN is_refund = 0 THEN receipt END) AS orders,
        count(DISTINCT CASE WHEN is_refund = 1 THEN receipt END) AS refunds,
        min(CASE WHEN is_refund = 0 THEN time END) AS first_purchase_at,
        max(CASE WHEN is_refund = 0 THEN time END) AS last_purchase_at
    FROM sales
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
    totals.first_purchase_at,
    totals.last_purchase_at,
    date_diff('day', CAST(totals.last_purchase_at AS DATE), CAST(moment.as_of AS DATE)) AS days_since_purchase,
    categories.category_count,
    categories.top_category
FROM totals
CROSS JOIN moment
LEFT JOIN categories ON categories.customer_no = totals.customer_no
