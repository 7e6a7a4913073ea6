-- grain: line of a purchase or refund, whoever's; a receipt has a number
-- reads: profile_sale
-- writes: kpi_sale
WITH lines AS (
    SELECT customer_no AS event_no, receipt, currency, is_refund, net FROM profile_sale
),

receipts AS (
    SELECT receipt, min(event_no) AS receipt_no FROM lines GROUP BY receipt
)

SELECT lines.event_no, receipts.receipt_no, lines.currency, lines.is_refund, lines.net
FROM lines
INNER JOIN receipts ON lines.receipt = receipts.receipt
