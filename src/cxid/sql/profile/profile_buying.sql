-- grain: customer x day with a purchase
-- reads: profile_sale
-- writes: profile_buying
WITH days AS (
    SELECT customer_no, day, min(time) AS first_at, max(time) AS last_at
    FROM profile_sale
    WHERE is_refund = 0
    GROUP BY customer_no, day
)
SELECT
    customer_no,
    day,
    first_at,
    last_at,
    row_number() OVER (PARTITION BY customer_no ORDER BY day) AS place,
    lead(first_at) OVER (PARTITION BY customer_no ORDER BY day) AS next_at,
    date_diff('day', lag(day) OVER (PARTITION BY customer_no ORDER BY day), day) AS gap,
    date_diff('day', min(day) OVER (PARTITION BY customer_no), day) AS span
FROM days
