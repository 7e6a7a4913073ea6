-- grain: id that was a customer's once and is not now
-- reads: previous_customer_alias, stitch_heir, stitch_former_heir, stitch_customer_id, stitch_change
-- writes: customer_alias
WITH heirs AS (
    SELECT heirs.earlier_id, customer_ids.customer_id
    FROM stitch_heir AS heirs
    INNER JOIN stitch_customer_id AS customer_ids ON heirs.customer_no = customer_ids.customer_no
),

former AS (
    SELECT former.earlier_id, customer_ids.customer_id, former.returns
    FROM stitch_former_heir AS former
    INNER JOIN stitch_customer_id AS customer_ids ON former.customer_no = customer_ids.customer_no
),

-- who holds most of it now, else what became of the customer that it stood for
known AS (
    SELECT
        earlier.old_customer_id,
        coalesce(former.customer_id, heirs.customer_id) AS customer_id,
        earlier.customer_id AS last_id,
        earlier.since_run
    FROM previous_customer_alias AS earlier
    LEFT JOIN former ON earlier.old_customer_id = former.earlier_id
    LEFT JOIN heirs ON earlier.customer_id = heirs.earlier_id
    WHERE NOT coalesce(former.returns, false)
)

SELECT
    old_customer_id,
    customer_id,
    CASE WHEN customer_id IS NOT DISTINCT FROM last_id THEN since_run ELSE $run_id END AS since_run
FROM known
UNION ALL
SELECT
    customer_id AS old_customer_id,
    nullif(other_customer_id, '') AS customer_id,
    $run_id AS since_run
FROM stitch_change
WHERE event IN ('absorbed', 'retired')
