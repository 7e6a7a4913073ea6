-- grain: customer that holds records of several customers of the run before, those of most first
-- reads: gate_common
-- writes: gate_joined
WITH
common AS (
    SELECT * FROM gate_common
)

SELECT
    customer_id,
    count(DISTINCT earlier_id) AS ids,
    count(*) AS records
FROM common
GROUP BY customer_id
HAVING count(DISTINCT earlier_id) > 1
ORDER BY ids DESC, records DESC, customer_id
LIMIT 5
