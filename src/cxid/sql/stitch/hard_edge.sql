-- grain: edge inside a component that needs agglomeration
-- reads: stitch_edge, stitch_component_node, stitch_hard_component
-- writes: stitch_hard_edge
WITH edges AS (
    SELECT * FROM stitch_edge
),

hard_nodes AS (
    SELECT
        component_nodes.node,
        hard_components.component,
        hard_components.batch
    FROM stitch_component_node AS component_nodes
    INNER JOIN stitch_hard_component AS hard_components ON component_nodes.component = hard_components.component
)

SELECT
    hard_nodes.batch,
    edges.a,
    edges.b,
    edges.weight
FROM edges
INNER JOIN hard_nodes ON edges.a = hard_nodes.node
INNER JOIN hard_nodes AS other_nodes ON edges.b = other_nodes.node AND hard_nodes.component = other_nodes.component
