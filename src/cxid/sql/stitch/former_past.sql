-- grain: member that an ended id held last; customer_no is missing where the member is gone
-- reads: previous_former_member, record, stitch_cluster, stitch_identifier, stitch_owner
-- writes: stitch_former_past
WITH former AS (
    SELECT * FROM previous_former_member
),

clusters AS (
    SELECT records.source, records.record_key, members.cluster AS customer_no
    FROM stitch_cluster AS members
    INNER JOIN record AS records ON members.record_no = records.record_no
),

owned AS (
    SELECT identifiers.id_type, identifiers.id_value, owners.customer_no
    FROM stitch_owner AS owners
    INNER JOIN stitch_identifier AS identifiers ON owners.identifier_no = identifiers.identifier_no
)

SELECT
    former.customer_id AS earlier_id,
    true AS is_record,
    clusters.customer_no
FROM former
LEFT JOIN clusters ON former.source = clusters.source AND former.record_key = clusters.record_key
WHERE former.source <> ''
UNION ALL
SELECT
    former.customer_id AS earlier_id,
    false AS is_record,
    owned.customer_no
FROM former
LEFT JOIN owned ON former.id_type = owned.id_type AND former.id_value = owned.id_value
WHERE former.source = ''
