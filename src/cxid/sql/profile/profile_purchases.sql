-- grain: customer with a purchase or refund
-- reads: profile_order, profile_main_money, profile_gap, profile_rfm
-- writes: profile_purchases
WITH orders AS (
    SELECT
        customer_no, orders, refunds, orders_returned, first_purchase_at, last_purchase_at, days_since_purchase, category_count, top_category
    FROM profile_order
),
money AS (SELECT customer_no, currency, revenue, average_order, revenue_by_currency FROM profile_main_money),
gaps AS (SELECT customer_no, typical_gap_days FROM profile_gap),
rfm AS (
    SELECT customer_no, recency_quintile, frequency_quintile, monetary_quintile, rfm_segment FROM profile_rfm
)
SELECT
    orders.customer_no,
    orders.orders,
    orders.refunds,
    orders.orders_returned,
    money.currency,
    money.revenue,
    money.average_order,
    money.revenue_by_currency,
    orders.first_purchase_at,
    orders.last_purchase_at,
    gaps.typical_gap_days,
    orders.days_since_purchase,
    rfm.recency_quintile,
    rfm.frequency_quintile,
    rfm.monetary_quintile,
    rfm.rfm_segment,
    coalesce(orders.category_count, 0) AS categories,
    orders.top_category
FROM orders
JOIN money ON money.customer_no = orders.customer_no
LEFT JOIN gaps ON gaps.customer_no = orders.customer_no
LEFT JOIN rfm ON rfm.customer_no = orders.customer_no
