-- grain: two customers that a guard kept apart
-- reads: refused_merge, record_customer
-- writes: eval_guard
WITH refusals AS (SELECT * FROM refused_merge),
customers AS (SELECT record_no, customer_id FROM record_customer)
SELECT
    least(customers_a.customer_id, customers_b.customer_id) AS customer_a,
    greatest(customers_a.customer_id, customers_b.customer_id) AS customer_b,
    min(refusals.guard) AS guard
FROM refusals
INNER JOIN customers AS customers_a ON refusals.record_no_a = customers_a.record_no
INNER JOIN customers AS customers_b ON refusals.record_no_b = customers_b.record_no
WHERE customers_a.customer_id <> customers_b.customer_id
GROUP BY
    least(customers_a.customer_id, customers_b.customer_id),
    greatest(customers_a.customer_id, customers_b.customer_id)
