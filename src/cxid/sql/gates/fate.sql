-- grain: customer of the run before of whose records some are left; kept: of these, how many its id still holds
-- reads: gate_common
-- writes: gate_fate
WITH common AS (
    SELECT * FROM gate_common
)

SELECT
    earlier_id,
    count(*) AS records,
    count(CASE WHEN customer_id = earlier_id THEN 1 END) AS kept,
    count(DISTINCT customer_id) AS ways
FROM common
GROUP BY earlier_id
