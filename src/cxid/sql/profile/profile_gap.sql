-- grain: customer who bought on two days or more
-- reads: profile_sale
-- writes: profile_gap
WITH days AS (
    SELECT DISTINCT customer_no, day FROM profile_sale WHERE is_refund = 0
),
gaps AS (
    SELECT
        customer_no,
        date_diff('day', lag(day) OVER (PARTITION BY customer_no ORDER BY day), day) AS gap
    FROM days
)
SELECT customer_no, CAST(median(gap) AS DECIMAL(9, 1)) AS typical_gap_days
FROM gaps
WHERE gap IS NOT NULL
GROUP BY customer_no
