-- grain: customer that took in most of what ids held that were not kept, or lost such an id's records itself
-- reads: gate_common, gate_fate
-- writes: gate_churn
WITH
common AS (
    SELECT * FROM gate_common
),

lost AS (
    SELECT earlier_id, records FROM gate_fate WHERE kept * 2 <= records
),

parts AS (
    SELECT common.earlier_id, common.customer_id, lost.records AS had, count(*) AS records
    FROM common
    INNER JOIN lost ON common.earlier_id = lost.earlier_id
    GROUP BY common.earlier_id, common.customer_id, lost.records
),

ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY earlier_id ORDER BY records DESC, customer_id <> earlier_id, customer_id
        ) AS place
    FROM parts
),

homes AS (
    SELECT *, customer_id = earlier_id AS is_own FROM ranked WHERE place = 1
)

SELECT
    customer_id,
    count(CASE WHEN NOT is_own THEN 1 END) AS ids,
    CAST(coalesce(sum(CASE WHEN NOT is_own THEN records END), 0) AS BIGINT) AS records,
    CAST(coalesce(sum(CASE WHEN is_own THEN records END), 0) AS BIGINT) AS kept,
    CAST(coalesce(sum(CASE WHEN is_own THEN had END), 0) AS BIGINT) AS had
FROM homes
GROUP BY customer_id
ORDER BY ids DESC, records DESC, had DESC, customer_id
LIMIT 5
