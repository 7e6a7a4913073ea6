-- grain: customer of the run before with how much it holds
-- reads: before_identity_map, diff_type
-- writes: diff_before_member
WITH entries AS (
    SELECT customer_id, source, id_type FROM before_identity_map
),

types AS (
    SELECT id_type, is_personal FROM diff_type
)

SELECT
    entries.customer_id,
    count(CASE WHEN entries.source <> '' THEN 1 END) AS records,
    count(CASE WHEN entries.source = '' THEN 1 END) AS identifiers,
    count(CASE WHEN types.is_personal THEN 1 END) AS personal
FROM entries
LEFT JOIN types ON entries.id_type = types.id_type
GROUP BY entries.customer_id
