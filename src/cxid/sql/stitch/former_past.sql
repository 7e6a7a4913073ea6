-- grain: member that an ended id held last; customer_no is missing where the member is gone
-- reads: previous_former_member, record, stitch_cluster, stitch_identifier, stitch_owner
-- writes: stitch_former_past
WITH former AS (
    SELECT * FROM previous_former_member
),

-- what ended ids held is little beside all there is: it picks its rows first
named_records AS (
    SELECT DISTINCT source, record_key FROM former WHERE source <> ''
),

named_identifiers AS (
    SELECT DISTINCT id_type, id_value FROM former WHERE source = ''
),

clusters AS (
    SELECT records.source, records.record_key, members.cluster AS customer_no
    FROM record AS records
    INNER JOIN named_records
        ON records.source = named_records.source AND records.record_key = named_records.record_key
    INNER JOIN stitch_cluster AS members ON records.record_no = members.record_no
),

owned AS (
    SELECT identifiers.id_type, identifiers.id_value, owners.customer_no
    FROM stitch_identifier AS identifiers
    INNER JOIN named_identifiers
        ON identifiers.id_type = named_identifiers.id_type AND identifiers.id_value = named_identifiers.id_value
    INNER JOIN stitch_owner AS owners ON identifiers.identifier_no = owners.identifier_no
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
