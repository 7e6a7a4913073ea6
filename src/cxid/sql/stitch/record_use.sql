-- grain: identifier of a record
-- reads: record_identifier, stitch_identifier
-- writes: stitch_record_use
WITH record_identifiers AS (
    SELECT * FROM record_identifier
),

identifiers AS (
    SELECT * FROM stitch_identifier
)

SELECT
    record_identifiers.record_no,
    identifiers.identifier_no
FROM record_identifiers
INNER JOIN identifiers
    ON record_identifiers.id_type = identifiers.id_type AND record_identifiers.id_value = identifiers.id_value
