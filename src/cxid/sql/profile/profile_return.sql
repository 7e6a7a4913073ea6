-- grain: receipt of a purchase given back as a whole, or of the refund that gave it back
-- reads: profile_receipt
-- writes: profile_return
WITH receipts AS (
    SELECT customer_no, receipt, currency, is_purchase, bought_at, returned_at, bought, returned FROM profile_receipt
),
-- a refund of its own number gives back a purchase of the same amount: the latest one that still stands
apart AS (
    SELECT customer_no, currency, returned AS amount FROM receipts WHERE is_purchase = 0 AND returned > 0
    GROUP BY customer_no, currency, returned
),
moves AS (
    SELECT
        receipts.customer_no, receipts.currency, receipts.receipt, receipts.is_purchase, apart.amount,
        CASE WHEN receipts.is_purchase = 1 THEN receipts.bought_at ELSE receipts.returned_at END AS time
    FROM receipts
    JOIN apart ON apart.customer_no = receipts.customer_no
        AND apart.currency = receipts.currency
        AND apart.amount = CASE
            WHEN receipts.is_purchase = 1 THEN receipts.bought - receipts.returned ELSE receipts.returned
        END
),
walked AS (
    SELECT
        customer_no, currency, receipt, is_purchase, amount, time,
        sum(2 * is_purchase - 1) OVER (
            PARTITION BY customer_no, currency, amount ORDER BY time, is_purchase DESC, receipt
            ROWS UNBOUNDED PRECEDING
        ) AS height
    FROM moves
),
-- purchases that stand, never below none: a refund of nothing lowers the floor instead
floored AS (
    SELECT
        customer_no, currency, receipt, is_purchase, amount, time, height,
        least(0, min(height) OVER (
            PARTITION BY customer_no, currency, amount ORDER BY time, is_purchase DESC, receipt
            ROWS UNBOUNDED PRECEDING
        )) AS bottom
    FROM walked
),
standing AS (
    SELECT
        customer_no, currency, receipt, is_purchase, amount, time,
        height - bottom AS after,
        coalesce(lag(height - bottom) OVER (
            PARTITION BY customer_no, currency, amount ORDER BY time, is_purchase DESC, receipt
        ), 0) AS before
    FROM floored
),
-- one on top of the other: at each height a purchase and the refund of it take turns
paired AS (
    SELECT
        customer_no, currency, receipt, is_purchase,
        lead(is_purchase) OVER (
            PARTITION BY customer_no, currency, amount, CASE WHEN is_purchase = 1 THEN after ELSE before END
            ORDER BY time, is_purchase DESC, receipt
        ) AS next_is_purchase
    FROM standing
    WHERE is_purchase = 1 OR before > 0
)
SELECT customer_no, receipt, currency, is_purchase
FROM paired
WHERE is_purchase = 0 OR next_is_purchase = 0
UNION ALL
-- or the lines of the same receipt come to nothing
SELECT customer_no, receipt, currency, is_purchase
FROM receipts
WHERE is_purchase = 1 AND returned > 0 AND returned >= bought
