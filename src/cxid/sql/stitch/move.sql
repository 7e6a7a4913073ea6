-- grain: id of the run before x customer of another id that holds members of it now, where that is worth an event
-- reads: stitch_overlap, stitch_heir, stitch_customer_id
-- writes: stitch_move
WITH customer_ids AS (
    SELECT customer_ids.customer_no, customer_ids.customer_id, held.customer_no IS NULL AS begins
    FROM stitch_customer_id AS customer_ids
    LEFT JOIN stitch_heir AS held ON customer_ids.customer_no = held.customer_no AND held.stays
),

moved AS (
    SELECT
        shared.earlier_id,
        shared.customer_no,
        customer_ids.customer_id,
        shared.records,
        shared.identifiers,
        customer_ids.begins,
        coalesce(heirs.customer_no = shared.customer_no, false) AS is_heir
    FROM stitch_overlap AS shared
    INNER JOIN customer_ids ON shared.customer_no = customer_ids.customer_no
    LEFT JOIN stitch_heir AS heirs ON shared.earlier_id = heirs.earlier_id
    WHERE shared.earlier_id <> customer_ids.customer_id
),

ranked AS (
    SELECT
        *,
        begins AND row_number() OVER (
            PARTITION BY customer_no ORDER BY records DESC, identifiers DESC, earlier_id
        ) = 1 AS is_origin
    FROM moved
)

SELECT * FROM ranked WHERE is_heir OR is_origin OR records > 0
