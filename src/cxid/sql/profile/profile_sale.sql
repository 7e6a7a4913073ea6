-- grain: line of a purchase or refund
-- reads: event, profile_event, profile_currency
-- writes: profile_sale
WITH events AS (
    SELECT customer_id, event_no, source, event_key, kind, time, type, amount, currency, category FROM profile_event
),
defaults AS (SELECT currency FROM profile_currency),
selling AS (
    SELECT max(CASE WHEN kind = 'transactions' THEN 1 ELSE 0 END) AS has_transactions FROM event
),
sales AS (
    SELECT
        events.customer_id,
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
    customer_id,
    receipt,
    time,
    category,
    currency,
    is_refund,
    CAST(coalesce(CASE WHEN is_refund = 1 THEN -abs(amount) ELSE amount END, 0) AS DECIMAL(18, 4)) AS net
FROM sales
