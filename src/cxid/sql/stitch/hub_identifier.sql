-- grain: identifier that names nobody
-- reads: stitch_hub, stitch_identifier
-- writes: hub_identifier
WITH hubs AS (
    SELECT * FROM stitch_hub
),

identifiers AS (
    SELECT * FROM stitch_identifier
)

SELECT
    identifiers.id_type,
    identifiers.id_value,
    hubs.people,
    'shared' AS reason
FROM hubs
INNER JOIN identifiers ON hubs.identifier_no = identifiers.identifier_no
ORDER BY identifiers.id_type, identifiers.id_value
