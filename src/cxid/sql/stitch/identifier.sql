-- grain: identifier of records or events, numbered so that a smaller number names a person better
-- reads: record_identifier, event_identifier, stitch_type
-- writes: stitch_identifier
WITH record_identifiers AS (
    SELECT * FROM record_identifier
),

event_identifiers AS (
    SELECT * FROM event_identifier
),

-- sorting by one number for the type costs half of sorting by its name
types AS (
    SELECT
        *,
        row_number() OVER (ORDER BY rank, id_type) AS type_no
    FROM stitch_type
),

every_identifier AS (
    SELECT id_type, id_value FROM record_identifiers
    UNION
    SELECT id_type, id_value FROM event_identifiers
),

numbered AS (
    SELECT
        row_number() OVER (ORDER BY types.type_no, every_identifier.id_value) AS identifier_no,
        types.type_no,
        every_identifier.id_value
    FROM every_identifier
    INNER JOIN types ON every_identifier.id_type = types.id_type
)

SELECT
    numbered.identifier_no,
    types.id_type,
    numbered.id_value,
    types.rank,
    types.is_personal,
    types.is_evidence
FROM numbered
INNER JOIN types ON numbered.type_no = types.type_no
