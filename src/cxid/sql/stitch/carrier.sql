-- grain: node that carries an identifier which is evidence
-- reads: stitch_record_use, stitch_identifier, stitch_node, stitch_record_hub
-- writes: stitch_carrier
WITH uses AS (
    SELECT * FROM stitch_record_use
),

identifiers AS (
    SELECT * FROM stitch_identifier
),

nodes AS (
    SELECT * FROM stitch_node
),

hubs AS (
    SELECT * FROM stitch_record_hub
),

carried AS (
    SELECT DISTINCT
        uses.identifier_no,
        coalesce(nodes.node, uses.record_no) AS node
    FROM uses
    INNER JOIN identifiers ON uses.identifier_no = identifiers.identifier_no AND identifiers.is_evidence
    LEFT JOIN nodes ON uses.record_no = nodes.record_no
    LEFT JOIN hubs ON uses.identifier_no = hubs.identifier_no
    WHERE hubs.identifier_no IS NULL
)

SELECT
    identifier_no,
    node,
    row_number() OVER (PARTITION BY identifier_no ORDER BY node) AS place,
    count(*) OVER (PARTITION BY identifier_no) AS nodes
FROM carried
