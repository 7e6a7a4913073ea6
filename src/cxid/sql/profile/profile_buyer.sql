-- grain: customer who bought something and kept it
-- reads: profile_receipt, profile_return, profile_purchases, profile_today
-- writes: profile_buyer
WITH receipts AS (
    SELECT customer_no, receipt, currency, is_purchase, bought_on, returned_on, bought, returned FROM profile_receipt
),
undone AS (SELECT customer_no, receipt, currency FROM profile_return),
main AS (SELECT customer_no, coalesce(currency, '') AS currency FROM profile_purchases),
today AS (SELECT today FROM profile_today),
kept AS (
    SELECT receipts.customer_no, receipts.currency, receipts.is_purchase, receipts.bought_on, receipts.returned_on,
        receipts.bought, receipts.returned
    FROM receipts
    LEFT JOIN undone ON undone.customer_no = receipts.customer_no
        AND undone.receipt = receipts.receipt
        AND undone.currency = receipts.currency
    WHERE undone.customer_no IS NULL
),
days AS (
    SELECT
        kept.customer_no,
        kept.bought_on AS day,
        0 AS is_refund,
        CAST(sum(CASE WHEN kept.currency = main.currency THEN kept.bought - kept.returned ELSE 0 END) AS DECIMAL(28, 4))
            AS money
    FROM kept
    JOIN main ON main.customer_no = kept.customer_no
    WHERE kept.is_purchase = 1
    GROUP BY kept.customer_no, kept.bought_on
),
-- what came back without its purchase being known: taken from the last day with a purchase before it
refunds AS (
    SELECT kept.customer_no, kept.returned_on AS day, 1 AS is_refund, -kept.returned AS money
    FROM kept
    JOIN main ON main.customer_no = kept.customer_no AND main.currency = kept.currency
    WHERE kept.is_purchase = 0
),
moves AS (
    SELECT customer_no, day, is_refund, money FROM days
    UNION ALL
    SELECT customer_no, day, is_refund, money FROM refunds
),
placed AS (
    SELECT
        customer_no, day, is_refund, money,
        sum(1 - is_refund) OVER (
            PARTITION BY customer_no ORDER BY day, is_refund RANGE UNBOUNDED PRECEDING
        ) AS place
    FROM moves
),
buyers AS (
    SELECT
        customer_no,
        count(CASE WHEN is_refund = 0 THEN 1 END) - 1 AS repeats,
        min(CASE WHEN is_refund = 0 THEN day END) AS first_on,
        min(CASE WHEN is_refund = 0 AND place = 2 THEN day END) AS second_on,
        max(CASE WHEN is_refund = 0 THEN day END) AS last_on,
        CAST(sum(money) AS DECIMAL(28, 4)) AS spent,
        CAST(sum(CASE WHEN place > 1 THEN money ELSE 0 END) AS DECIMAL(28, 4)) AS spent_again
    FROM placed
    WHERE place > 0
    GROUP BY customer_no
)
SELECT
    buyers.customer_no,
    main.currency,
    buyers.repeats,
    date_diff('day', buyers.first_on, buyers.last_on) AS last_day,
    date_diff('day', buyers.first_on, today.today) AS age_days,
    date_diff('day', buyers.first_on, buyers.second_on) AS second_day,
    buyers.spent,
    buyers.spent_again
FROM buyers
JOIN main ON main.customer_no = buyers.customer_no
CROSS JOIN today
