-- grain: customer who is followed, with what the customer did within the window
-- reads: sim_unit, sim_sale, sim_doing, sim_window
-- writes: sim_outcome
WITH units AS (SELECT customer_id, arm, since FROM sim_unit),

spans AS (SELECT seconds, currency FROM sim_window),

bought AS (
    SELECT
        units.customer_id,
        count(DISTINCT CASE WHEN sales.is_refund = 0 THEN sales.receipt END) AS orders,
        count(DISTINCT CASE WHEN sales.is_refund = 0 AND sales.currency <> spans.currency THEN sales.receipt END) AS other,
        sum(CASE WHEN sales.currency = spans.currency THEN sales.net ELSE 0 END) AS revenue
    FROM units
    CROSS JOIN spans
    INNER JOIN sim_sale AS sales
        ON units.customer_id = sales.customer_id
        AND sales.time > units.since
        AND date_diff('second', units.since, sales.time) <= spans.seconds
    GROUP BY units.customer_id
),

did AS (
    SELECT units.customer_id, count(*) AS doings
    FROM units
    CROSS JOIN spans
    INNER JOIN sim_doing AS doings
        ON units.customer_id = doings.customer_id
        AND doings.time > units.since
        AND date_diff('second', units.since, doings.time) <= spans.seconds
    GROUP BY units.customer_id
)

SELECT
    units.customer_id,
    units.arm,
    coalesce(bought.orders, 0) AS orders,
    coalesce(bought.other, 0) AS other,
    CAST(coalesce(bought.revenue, 0) AS DECIMAL(18, 4)) AS revenue,
    CASE WHEN coalesce(bought.orders, 0) + coalesce(did.doings, 0) = 0 THEN 1 ELSE 0 END AS is_silent
FROM units
LEFT JOIN bought ON units.customer_id = bought.customer_id
LEFT JOIN did ON units.customer_id = did.customer_id
