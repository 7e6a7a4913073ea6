-- grain: personal identifier that no record carries, with its island: the smallest identifier that it hangs together with
-- reads: stitch_identifier, stitch_anchor, stitch_hub, stitch_island_node
-- writes: stitch_island
WITH identifiers AS (
    SELECT * FROM stitch_identifier
),

anchors AS (
    SELECT * FROM stitch_anchor WHERE place = 1
),

hubs AS (
    SELECT * FROM stitch_hub
),

island_nodes AS (
    SELECT * FROM stitch_island_node
)

SELECT
    identifiers.identifier_no,
    coalesce(island_nodes.component, identifiers.identifier_no) AS island
FROM identifiers
LEFT JOIN anchors ON identifiers.identifier_no = anchors.identifier_no
LEFT JOIN hubs ON identifiers.identifier_no = hubs.identifier_no
LEFT JOIN island_nodes ON identifiers.identifier_no = island_nodes.node
WHERE identifiers.is_personal AND anchors.identifier_no IS NULL AND hubs.identifier_no IS NULL
