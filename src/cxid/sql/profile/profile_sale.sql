-- grain: line of a purchase or refund
-- reads: event, event_customer, profile_number, profile_moment, profile_currency, profile_trade
-- writes: profile_sale
WITH events AS (
    SELECT event_no, source, event_key, case_id, kind, time, type, amount, currency, category FROM event
    WHERE kind = 'transactions' OR amount IS NOT NULL
),
owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
moment AS (SELECT as_of FROM profile_moment),
defaults AS (SELECT currency FROM profile_currency),
trades AS (SELECT kind, type, trade FROM profile_trade),
selling AS (
    SELECT max(CASE WHEN kind = 'transactions' THEN 1 ELSE 0 END) AS has_transactions FROM event
),
sales AS (
    SELECT
        numbers.customer_no,
        -- lines of one purchase share its number, else the row's key; without either what a customer bought of a
        -- source at one time is one purchase
        events.source || '/' || coalesce(
            'k' || coalesce(events.case_id, events.event_key), 't' || CAST(events.time AS VARCHAR)
        ) AS receipt,
        events.time,
        events.category,
        coalesce(upper(events.currency), defaults.currency, '') AS currency,
        events.amount,
        CASE WHEN events.amount < 0 OR trades.trade = 'refund' THEN 1 ELSE 0 END AS is_refund
    FROM events
    JOIN owners ON owners.event_no = events.event_no
    JOIN numbers ON numbers.customer_id = owners.customer_id
    JOIN moment ON events.time <= moment.as_of
    JOIN trades ON trades.kind = events.kind AND trades.type = coalesce(events.type, '')
    CROSS JOIN defaults
    CROSS JOIN selling
    WHERE
        trades.trade <> 'unsold'
        AND (
            (selling.has_transactions = 1 AND events.kind = 'transactions')
            -- a company without a till: the purchase events of its web shop
            OR (selling.has_transactions = 0 AND events.amount IS NOT NULL)
        )
)
SELECT
    customer_no,
    receipt,
    time,
    category,
    currency,
    is_refund,
    CAST(coalesce(CASE WHEN is_refund = 1 THEN -abs(amount) ELSE amount END, 0) AS DECIMAL(18, 4)) AS net
FROM sales
