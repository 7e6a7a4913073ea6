-- grain: one row: records that both runs hold, and their customers then and now
-- reads: gate_common
-- writes: gate_shift
WITH
common AS (
    SELECT * FROM gate_common
)

SELECT
    count(*) AS records,
    count(DISTINCT earlier_id) AS earlier_customers,
    count(DISTINCT customer_id) AS customers
FROM common
