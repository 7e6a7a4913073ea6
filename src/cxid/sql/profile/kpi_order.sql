-- grain: purchase, numbered within its customer
-- reads: kpi_sale
-- writes: kpi_order
WITH receipts AS (
    SELECT customer_no, receipt, min(time) AS time, min(day) AS day, min(period) AS period
    FROM kpi_sale
    WHERE is_refund = 0
    GROUP BY customer_no, receipt
)

SELECT
    customer_no,
    day,
    period,
    row_number() OVER (PARTITION BY customer_no ORDER BY time, receipt) AS place
FROM receipts
