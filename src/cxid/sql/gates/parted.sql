-- grain: customer of the run before whose records several customers hold now, those of most first
-- reads: gate_fate
-- writes: gate_parted
WITH
fates AS (
    SELECT * FROM gate_fate
)

SELECT
    earlier_id AS customer_id,
    ways AS ids,
    records
FROM fates
WHERE ways > 1
ORDER BY ids DESC, records DESC, customer_id
LIMIT 5
