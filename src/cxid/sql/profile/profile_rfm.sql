-- grain: customer with a purchase
-- reads: profile_order, profile_main_money
-- writes: profile_rfm
WITH orders AS (SELECT customer_no, orders, last_purchase_on FROM profile_order WHERE orders > 0),
money AS (SELECT customer_no, currency, revenue FROM profile_main_money),
-- share below: how many customers have a worse value; equal values share it, and so share the quintile
ranked AS (
    SELECT
        orders.customer_no,
        rank() OVER (ORDER BY orders.last_purchase_on) - 1 AS older,
        rank() OVER (ORDER BY orders.orders) - 1 AS rarer,
        rank() OVER (PARTITION BY money.currency ORDER BY money.revenue) - 1 AS smaller,
        count(*) OVER () AS everyone,
        count(*) OVER (PARTITION BY money.currency) AS same_currency
    FROM orders
    JOIN money ON money.customer_no = orders.customer_no
),
scored AS (
    SELECT
        customer_no,
        CAST(1 + floor(CAST(5 * older AS DOUBLE) / everyone) AS INTEGER) AS recency_quintile,
        CAST(1 + floor(CAST(5 * rarer AS DOUBLE) / everyone) AS INTEGER) AS frequency_quintile,
        CAST(1 + floor(CAST(5 * smaller AS DOUBLE) / same_currency) AS INTEGER) AS monetary_quintile
    FROM ranked
)
SELECT
    customer_no,
    recency_quintile,
    frequency_quintile,
    monetary_quintile,
    CASE
        WHEN recency_quintile = 5 AND frequency_quintile >= 4 THEN 'champions'
        WHEN recency_quintile >= 3 AND frequency_quintile >= 4 THEN 'loyal'
        WHEN recency_quintile >= 4 AND frequency_quintile >= 2 THEN 'potential_loyalists'
        WHEN recency_quintile = 5 THEN 'new'
        WHEN recency_quintile = 4 THEN 'promising'
        WHEN recency_quintile = 3 AND frequency_quintile = 3 THEN 'need_attention'
        WHEN recency_quintile = 3 THEN 'about_to_sleep'
        WHEN frequency_quintile = 5 THEN 'cannot_lose'
        WHEN frequency_quintile >= 3 THEN 'at_risk'
        ELSE 'hibernating'
    END AS rfm_segment
FROM scored
