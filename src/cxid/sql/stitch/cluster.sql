-- grain: record, with the cluster that the evidence puts it in, named by its smallest record
-- reads: record, stitch_node, stitch_component_node, stitch_hard_component, stitch_label
-- writes: stitch_cluster
WITH records AS (
    SELECT record_no FROM record
),

nodes AS (
    SELECT * FROM stitch_node
),

component_nodes AS (
    SELECT * FROM stitch_component_node
),

hard_components AS (
    SELECT * FROM stitch_hard_component
),

labels AS (
    SELECT * FROM stitch_label
)

SELECT
    records.record_no,
    coalesce(labels.cluster, component_nodes.component, nodes.node, records.record_no) AS cluster
FROM records
LEFT JOIN nodes ON records.record_no = nodes.record_no
LEFT JOIN component_nodes ON coalesce(nodes.node, records.record_no) = component_nodes.node
LEFT JOIN hard_components ON component_nodes.component = hard_components.component
LEFT JOIN labels ON coalesce(nodes.node, records.record_no) = labels.node
WHERE hard_components.component IS NULL OR labels.node IS NOT NULL
