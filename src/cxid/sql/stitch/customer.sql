-- grain: customer
-- reads: stitch_customer_id, stitch_cluster, stitch_owner, stitch_group
-- writes: customer
WITH customer_ids AS (
    SELECT * FROM stitch_customer_id
),

records AS (
    SELECT cluster, count(*) AS records FROM stitch_cluster GROUP BY cluster
),

identifiers AS (
    SELECT
        customer_no,
        count(*) AS identifiers,
        max(CASE WHEN is_personal THEN 1 ELSE 0 END) AS personal
    FROM stitch_owner
    GROUP BY customer_no
),

groups AS (
    SELECT * FROM stitch_group
)

SELECT
    customer_ids.customer_id,
    coalesce(records.records, 0) > 0 OR coalesce(identifiers.personal, 0) = 1 AS is_known,
    coalesce(records.records, 0) AS record_count,
    coalesce(identifiers.identifiers, 0) AS identifier_count,
    CAST(coalesce(groups.weakest, 1000000) AS INTEGER) AS weakest,
    coalesce(groups.weakest < $sure OR groups.is_refused, false) AS needs_review
FROM customer_ids
LEFT JOIN records ON customer_ids.customer_no = records.cluster
LEFT JOIN identifiers ON customer_ids.customer_no = identifiers.customer_no
LEFT JOIN groups ON customer_ids.customer_no = groups.cluster
ORDER BY customer_ids.customer_id
