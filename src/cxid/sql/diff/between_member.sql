-- grain: customer of the run before, with what it would hold of the data of the run after; and customers made of what is new
-- reads: diff_overlap, diff_label, diff_ownerless, diff_type
-- writes: diff_between_member
WITH types AS (
    SELECT id_type, is_personal FROM diff_type
),

hidden AS (
    SELECT
        ownerless.after_id,
        count(*) AS identifiers,
        count(CASE WHEN types.is_personal THEN 1 END) AS personal
    FROM diff_ownerless AS ownerless
    LEFT JOIN types ON ownerless.id_type = types.id_type
    WHERE ownerless.before_id IS NULL
    GROUP BY ownerless.after_id
),

members AS (
    SELECT before_id AS customer_id, records, identifiers, personal
    FROM diff_overlap
    WHERE before_id IS NOT NULL AND after_id IS NOT NULL
    UNION ALL
    SELECT
        coalesce(labels.label, fresh.after_id) AS customer_id,
        fresh.records,
        fresh.identifiers - coalesce(hidden.identifiers, 0) AS identifiers,
        fresh.personal - coalesce(hidden.personal, 0) AS personal
    FROM diff_overlap AS fresh
    LEFT JOIN diff_label AS labels ON fresh.after_id = labels.after_id
    LEFT JOIN hidden ON fresh.after_id = hidden.after_id
    WHERE fresh.before_id IS NULL
    UNION ALL
    SELECT
        ownerless.before_id AS customer_id,
        0 AS records,
        1 AS identifiers,
        CASE WHEN types.is_personal THEN 1 ELSE 0 END AS personal
    FROM diff_ownerless AS ownerless
    LEFT JOIN types ON ownerless.id_type = types.id_type
    WHERE ownerless.after_id IS NULL
)

SELECT
    customer_id,
    CAST(sum(records) AS BIGINT) AS records,
    CAST(sum(identifiers) AS BIGINT) AS identifiers,
    CAST(sum(personal) AS BIGINT) AS personal
FROM members
GROUP BY customer_id
HAVING sum(records) + sum(identifiers) > 0
