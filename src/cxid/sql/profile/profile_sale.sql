-- grain: line of a purchase or refund
-- reads: event, event_customer, profile_number, profile_moment, profile_currency
-- writes: profile_sale
WITH events AS (
    SELECT event_no, source, event_key, kind, time, lower(type) AS type, amount, currency, category FROM event
    WHERE kind = 'transactions' OR amount IS NOT NULL
),
owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
moment AS (SELECT as_of FROM profile_moment),
defaults AS (SELECT currency FROM profile_currency),
selling AS (
    SELECT max(CASE WHEN kind = 'transactions' THEN 1 ELSE 0 END) AS has_transactions FROM event
),
sales AS (
    SELECT
        numbers.customer_no,
        -- a receipt counts once, however many lines it has; a row without a key is a receipt of its own
        events.source || '/' || coalesce('k' || events.event_key, 'n' || CAST(events.event_no AS VARCHAR)) AS receipt,
        events.time,
        events.category,
        coalesce(upper(events.currency), defaults.currency, '') AS currency,
        events.amount,
        CASE
            WHEN events.amount < 0 THEN 1
            WHEN events.type IN (
                'refund', 'refunded', 'return', 'returned', 'chargeback', 'reversal', 'credit_note', 'credit note',
                'erstattung', 'retoure', 'rückgabe', 'storno', 'gutschrift', 'remboursement', 'retour', 'avoir',
                'reembolso', 'devolución', 'devolucion', 'devolução', 'devolucao', 'rimborso', 'reso'
            ) THEN 1
            ELSE 0
        END AS is_refund
    FROM events
    JOIN owners ON owners.event_no = events.event_no
    JOIN numbers ON numbers.customer_id = owners.customer_id
    JOIN moment ON events.time <= moment.as_of
    CROSS JOIN defaults
    CROSS JOIN selling
    WHERE
        (selling.has_transactions = 1 AND events.kind = 'transactions')
        -- a company without a till: the purchase events of its web shop
        OR (
            selling.has_transactions = 0
            AND events.amount IS NOT NULL
            AND events.type IN (
                'purchase', 'order', 'sale', 'buy', 'checkout', 'order_completed', 'transaction', 'refund', 'return',
                'kauf', 'bestellung', 'achat', 'commande', 'compra', 'pedido', 'acquisto', 'ordine'
            )
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
