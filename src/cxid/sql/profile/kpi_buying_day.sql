-- grain: customer x day with a purchase
-- reads: kpi_order
-- writes: kpi_buying_day
WITH days AS (SELECT customer_no, day, min(period) AS period FROM kpi_order GROUP BY customer_no, day)

SELECT
    customer_no,
    day,
    period,
    row_number() OVER (PARTITION BY customer_no ORDER BY day) AS place,
    lag(day) OVER (PARTITION BY customer_no ORDER BY day) AS previous_day,
    lead(day) OVER (PARTITION BY customer_no ORDER BY day) AS next_day
FROM days
