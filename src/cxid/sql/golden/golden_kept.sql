-- grain: customer of the run before whose golden values still hold
-- reads: earlier_golden_customer, golden_touched
-- writes: golden_kept
WITH earlier AS (SELECT customer_id FROM earlier_golden_customer),
touched AS (SELECT customer_id FROM golden_touched)
SELECT earlier.customer_id
FROM earlier
LEFT JOIN touched ON touched.customer_id = earlier.customer_id
WHERE touched.customer_id IS NULL
