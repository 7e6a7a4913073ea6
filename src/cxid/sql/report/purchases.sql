-- grain: currency of purchases and refunds
-- reads: event, event_customer, report_trade
-- writes: report_purchases
WITH
transactions AS (
    SELECT
        e.event_no,
        e.currency,
        -- as in the profile: a refund is negative whatever its sign in the file
        CASE WHEN w.trade = 'refund' THEN -abs(e.amount) ELSE e.amount END AS amount
    FROM event AS e
    INNER JOIN report_trade AS w ON e.kind = w.kind AND coalesce(e.type, '') = w.type
    WHERE e.kind = 'transactions' AND e.amount IS NOT NULL AND w.trade <> 'unsold'
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
