-- grain: event of this run without its cause; earlier_id and customer_no say whose members to ask for it
-- reads: stitch_move, stitch_heir, stitch_customer_id, customer, stitch_record_past, stitch_identifier_past
-- writes: stitch_change
WITH moves AS (
    SELECT * FROM stitch_move
),

begun AS (
    SELECT
        customer_ids.customer_no,
        customer_ids.customer_id,
        customers.record_count,
        customers.identifier_count,
        origins.earlier_id
    FROM stitch_customer_id AS customer_ids
    INNER JOIN customer AS customers ON customer_ids.customer_id = customers.customer_id
    LEFT JOIN stitch_heir AS held ON customer_ids.customer_no = held.customer_no AND held.stays
    LEFT JOIN moves AS origins ON customer_ids.customer_no = origins.customer_no AND origins.is_origin
    WHERE held.customer_no IS NULL
),

members AS (
    SELECT past.earlier_id, true AS is_record
    FROM stitch_record_past AS past
    LEFT JOIN stitch_heir AS heirs ON past.earlier_id = heirs.earlier_id
    WHERE heirs.earlier_id IS NULL
    UNION ALL
    SELECT past.earlier_id, false AS is_record
    FROM stitch_identifier_past AS past
    LEFT JOIN stitch_heir AS heirs ON past.earlier_id = heirs.earlier_id
    WHERE heirs.earlier_id IS NULL
),

gone AS (
    SELECT
        earlier_id,
        count(CASE WHEN is_record THEN 1 END) AS records,
        count(CASE WHEN NOT is_record THEN 1 END) AS identifiers
    FROM members
    GROUP BY earlier_id
)

SELECT
    'created' AS event,
    customer_id,
    coalesce(earlier_id, '') AS other_customer_id,
    record_count AS records,
    identifier_count AS identifiers,
    earlier_id,
    customer_no
FROM begun
UNION ALL
SELECT
    CASE WHEN is_heir THEN 'absorbed' ELSE 'split' END AS event,
    earlier_id AS customer_id,
    customer_id AS other_customer_id,
    records,
    identifiers,
    earlier_id,
    customer_no
FROM moves
UNION ALL
SELECT
    'merged' AS event,
    customer_id,
    earlier_id AS other_customer_id,
    records,
    identifiers,
    earlier_id,
    customer_no
FROM moves
WHERE NOT is_origin
UNION ALL
SELECT
    'retired' AS event,
    earlier_id AS customer_id,
    '' AS other_customer_id,
    records,
    identifiers,
    earlier_id,
    CAST(NULL AS BIGINT) AS customer_no
FROM gone
