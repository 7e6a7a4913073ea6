-- grain: currency of purchases and refunds
-- reads: event, event_customer
-- writes: report_purchases
WITH
transactions AS (
    SELECT event_no, currency, amount FROM event WHERE kind = 'transactions' AND amount IS NOT NULL
),
owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL)

SELECT
    coalesce(t.currency, '') AS label,
    count(DISTINCT o.customer_id) AS customers,
    sum(CASE WHEN t.amount >= 0 THEN 1 ELSE 0 END) AS purchases,
    sum(CASE WHEN t.amount < 0 THEN 1 ELSE 0 END) AS refunds,
    CAST(sum(t.amount) AS DECIMAL(38, 4)) AS revenue,
    CAST(sum(CASE WHEN o.customer_id IS NULL THEN 0 ELSE t.amount END) AS DECIMAL(38, 4)) AS revenue_of_customers
FROM transactions AS t
LEFT JOIN owners AS o ON t.event_no = o.event_no
GROUP BY coalesce(t.currency, '')
ORDER BY label
