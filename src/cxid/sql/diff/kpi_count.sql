-- grain: one row, the counts that KPIs are made of
-- reads: kpi_customer, kpi_owner, kpi_owned_sale, profile_answer, profile_moment, event
-- writes: kpi_count
WITH customers AS (
    SELECT
        count(*) AS customers,
        count(CASE WHEN is_known THEN 1 END) AS known_customers,
        count(CASE WHEN records > 0 THEN 1 END) AS recorded_customers,
        CAST(coalesce(sum(records), 0) AS BIGINT) AS records
    FROM kpi_customer
),

buyers AS (
    SELECT customer_no, count(DISTINCT receipt_no) AS orders
    FROM kpi_owned_sale
    WHERE is_refund = 0
    GROUP BY customer_no
),

purchases AS (
    SELECT
        count(*) AS buying_customers,
        count(CASE WHEN orders > 1 THEN 1 END) AS repeat_customers,
        CAST(coalesce(sum(orders), 0) AS BIGINT) AS orders
    FROM buyers
),

owned AS (
    SELECT
        owners.customer_no,
        holders.is_known,
        date_diff('day', CAST(events.time AS DATE), CAST(moment.as_of AS DATE)) < $days AS is_recent
    FROM event AS events
    INNER JOIN profile_moment AS moment ON events.time <= moment.as_of
    LEFT JOIN kpi_owner AS owners ON events.event_no = owners.event_no
    LEFT JOIN kpi_customer AS holders ON owners.customer_no = holders.customer_no
),

seen AS (
    SELECT
        count(*) AS events,
        count(CASE WHEN is_known THEN 1 END) AS known_events,
        count(DISTINCT CASE WHEN is_known AND is_recent THEN customer_no END) AS active_customers
    FROM owned
),

-- the latest answer of each customer; of two in one moment the lower
ranked AS (
    SELECT way, row_number() OVER (PARTITION BY customer_no ORDER BY time DESC, way) AS place
    FROM profile_answer
    WHERE survey = 'nps'
),

answers AS (
    SELECT
        count(*) AS respondents,
        count(CASE WHEN way >= 90 THEN 1 END) AS promoters,
        count(CASE WHEN way < 70 THEN 1 END) AS detractors
    FROM ranked
    WHERE place = 1
)

SELECT
    customers.customers,
    customers.known_customers,
    customers.recorded_customers,
    customers.records,
    purchases.buying_customers,
    purchases.repeat_customers,
    purchases.orders,
    seen.events,
    seen.known_events,
    seen.active_customers,
    answers.respondents,
    answers.promoters,
    answers.detractors
FROM customers
CROSS JOIN purchases
CROSS JOIN seen
CROSS JOIN answers
