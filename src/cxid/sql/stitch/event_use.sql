-- grain: identifier of an event
-- reads: event_identifier, stitch_identifier
-- writes: stitch_event_use
WITH event_identifiers AS (
    SELECT * FROM event_identifier
),

identifiers AS (
    SELECT * FROM stitch_identifier
)

SELECT
    event_identifiers.event_no,
    identifiers.identifier_no,
    identifiers.rank,
    identifiers.is_personal
FROM event_identifiers
INNER JOIN identifiers
    ON event_identifiers.id_type = identifiers.id_type AND event_identifiers.id_value = identifiers.id_value
