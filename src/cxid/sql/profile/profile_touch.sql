-- grain: customer with an event
-- reads: profile_event, profile_sale
-- writes: profile_touch
WITH events AS (SELECT customer_no, own, time FROM profile_event),
sales AS (SELECT customer_no, time FROM profile_sale WHERE is_refund = 0),
first_sales AS (SELECT customer_no, min(time) AS first_purchase_at FROM sales GROUP BY customer_no),
bounds AS (
    SELECT
        customer_no,
        min(time) AS met_at,
        min(CASE WHEN own = 1 THEN time END) AS first_at,
        max(CASE WHEN own = 1 THEN time END) AS last_at
    FROM events
    GROUP BY customer_no
)
SELECT bounds.customer_no, bounds.met_at, bounds.first_at, bounds.last_at, first_sales.first_purchase_at
FROM bounds
LEFT JOIN first_sales ON first_sales.customer_no = bounds.customer_no
