-- grain: identifier of the run before; the numbers are missing where nobody holds it any more
-- reads: previous_identity_map, stitch_identifier, stitch_owner
-- writes: stitch_identifier_past
WITH earlier AS (
    SELECT customer_id, id_type, id_value, since_run FROM previous_identity_map WHERE source = ''
),

owned AS (
    SELECT identifiers.id_type, identifiers.id_value, owners.identifier_no, owners.customer_no
    FROM stitch_owner AS owners
    INNER JOIN stitch_identifier AS identifiers ON owners.identifier_no = identifiers.identifier_no
)

SELECT
    earlier.customer_id AS earlier_id,
    earlier.since_run,
    owned.identifier_no,
    owned.customer_no
FROM earlier
LEFT JOIN owned ON earlier.id_type = owned.id_type AND earlier.id_value = owned.id_value
