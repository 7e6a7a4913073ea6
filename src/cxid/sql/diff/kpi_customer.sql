-- grain: customer of one data and one identity, numbered
-- reads: kpi_member, event_customer
-- writes: kpi_customer
WITH holders AS (
    SELECT customer_id, records, personal FROM kpi_member
    UNION ALL
    SELECT DISTINCT customer_id, 0 AS records, 0 AS personal FROM event_customer WHERE customer_id IS NOT NULL
),

customers AS (
    SELECT
        customer_id,
        CAST(sum(records) AS BIGINT) AS records,
        sum(records) + sum(personal) > 0 AS is_known
    FROM holders
    GROUP BY customer_id
)

SELECT customer_id, row_number() OVER (ORDER BY customer_id) AS customer_no, records, is_known
FROM customers
