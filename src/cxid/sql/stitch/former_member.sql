-- grain: member that an ended id held last
-- reads: previous_former_member, previous_identity_map, customer_alias, previous_customer_alias
-- writes: former_member
WITH ended AS (
    SELECT aliases.old_customer_id, earlier.old_customer_id IS NULL AS is_new
    FROM customer_alias AS aliases
    LEFT JOIN previous_customer_alias AS earlier ON aliases.old_customer_id = earlier.old_customer_id
)

SELECT
    former.customer_id,
    former.source,
    former.record_key,
    former.id_type,
    former.id_value
FROM previous_former_member AS former
INNER JOIN ended ON former.customer_id = ended.old_customer_id
UNION ALL
SELECT
    entries.customer_id,
    entries.source,
    entries.record_key,
    entries.id_type,
    entries.id_value
FROM previous_identity_map AS entries
INNER JOIN ended ON entries.customer_id = ended.old_customer_id AND ended.is_new
