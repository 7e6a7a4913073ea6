-- grain: customer of two or more records, the largest 5
-- reads: gate_group
-- writes: gate_large
WITH
groups AS (
    SELECT * FROM gate_group
)

SELECT
    customer_id,
    size AS records
FROM groups
ORDER BY records DESC, customer_id
LIMIT 5
