-- grain: customer, numbered in order of the ids
-- reads: customer
-- writes: household_number
WITH customers AS (SELECT customer_id FROM customer)
SELECT customer_id, row_number() OVER (ORDER BY customer_id) AS customer_no
FROM customers
