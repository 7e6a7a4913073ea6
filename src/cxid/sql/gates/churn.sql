-- grain: customer that holds most of the records of ids that were not kept, those of most such ids first
-- reads: gate_common, gate_fate
-- writes: gate_churn
WITH
common AS (
    SELECT * FROM gate_common
),

lost AS (
    SELECT earlier_id FROM gate_fate WHERE kept * 2 <= records
),

parts AS (
    SELECT common.earlier_id, common.customer_id, count(*) AS records
    FROM common
    INNER JOIN lost ON common.earlier_id = lost.earlier_id
    GROUP BY common.earlier_id, common.customer_id
),

ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY earlier_id ORDER BY records DESC, customer_id <> earlier_id, customer_id
        ) AS place
    FROM parts
)

SELECT
    customer_id,
    count(*) AS ids,
    CAST(sum(records) AS BIGINT) AS records
FROM ranked
WHERE place = 1
GROUP BY customer_id
ORDER BY ids DESC, records DESC, customer_id
LIMIT 5
