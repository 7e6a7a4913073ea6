-- grain: thing that happened to customers between the runs; a move between two ids once, where records went or an id began or ended
-- reads: diff_shared, diff_heir, diff_before_member, diff_after_member
-- writes: diff_move
WITH moved AS (
    SELECT
        shared.before_id,
        shared.after_id,
        shared.records,
        shared.identifiers,
        heirs.before_id IS NOT NULL AS is_heir,
        then_held.customer_id IS NULL AS begins
    FROM diff_shared AS shared
    LEFT JOIN diff_heir AS heirs ON shared.before_id = heirs.before_id AND shared.after_id = heirs.after_id
    LEFT JOIN diff_before_member AS then_held ON shared.after_id = then_held.customer_id
    WHERE shared.before_id <> shared.after_id
),

ranked AS (
    SELECT
        moved.*,
        moved.begins AND row_number() OVER (
            PARTITION BY moved.after_id ORDER BY moved.records DESC, moved.identifiers DESC, moved.before_id
        ) = 1 AS is_origin
    FROM moved
),

begun AS (
    SELECT now_held.customer_id, now_held.records, now_held.identifiers, origins.before_id
    FROM diff_after_member AS now_held
    LEFT JOIN diff_before_member AS then_held ON now_held.customer_id = then_held.customer_id
    LEFT JOIN ranked AS origins ON now_held.customer_id = origins.after_id AND origins.is_origin
    WHERE then_held.customer_id IS NULL
),

ended AS (
    SELECT then_held.customer_id, then_held.records, then_held.identifiers, heirs.after_id
    FROM diff_before_member AS then_held
    LEFT JOIN diff_after_member AS now_held ON then_held.customer_id = now_held.customer_id
    LEFT JOIN diff_heir AS heirs ON then_held.customer_id = heirs.before_id
    WHERE now_held.customer_id IS NULL
)

SELECT
    CASE WHEN before_id IS NULL THEN 'created' ELSE 'split' END AS event,
    customer_id,
    coalesce(before_id, '') AS other_customer_id,
    records,
    identifiers
FROM begun
UNION ALL
SELECT 'retired' AS event, customer_id, '' AS other_customer_id, records, identifiers
FROM ended
WHERE after_id IS NULL
UNION ALL
SELECT
    CASE WHEN is_heir THEN 'merged' ELSE 'moved' END AS event,
    before_id AS customer_id,
    after_id AS other_customer_id,
    records,
    identifiers
FROM ranked
WHERE is_heir OR (records > 0 AND NOT is_origin)
