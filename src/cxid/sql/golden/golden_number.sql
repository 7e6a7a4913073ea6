-- grain: customer
-- reads: customer, golden_kept
-- writes: golden_number
WITH customers AS (SELECT customer_id FROM customer),
kept AS (SELECT customer_id FROM golden_kept)
SELECT
    customers.customer_id,
    row_number() OVER (ORDER BY customers.customer_id) AS customer_no,
    kept.customer_id IS NOT NULL AS is_kept
FROM customers
LEFT JOIN kept ON kept.customer_id = customers.customer_id
