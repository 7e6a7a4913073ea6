-- grain: node in a component that needs agglomeration
-- reads: record, stitch_component_node, stitch_hard_component, stitch_node
-- writes: stitch_hard_node
WITH records AS (
    SELECT record_no, source, record_key FROM record
),

component_nodes AS (
    SELECT * FROM stitch_component_node
),

hard_components AS (
    SELECT * FROM stitch_hard_component
),

sizes AS (
    SELECT node, max(size) AS size FROM stitch_node GROUP BY node
)

-- ties go by a digest of the key: as fixed as the key itself, and without the long runs that sorted keys bring
SELECT
    hard_components.batch,
    component_nodes.node,
    coalesce(sizes.size, 1) AS size,
    md5(concat(records.source, chr(31), records.record_key)) AS tie
FROM component_nodes
INNER JOIN hard_components ON component_nodes.component = hard_components.component
INNER JOIN records ON component_nodes.node = records.record_no
LEFT JOIN sizes ON component_nodes.node = sizes.node
