-- grain: component of nodes joined by edges at or above the cut
-- reads: stitch_component_node, stitch_edge, stitch_node
-- writes: stitch_component
WITH component_nodes AS (
    SELECT * FROM stitch_component_node
),

edges AS (
    SELECT * FROM stitch_edge
),

sizes AS (
    SELECT node, max(size) AS size FROM stitch_node GROUP BY node
),

counted_nodes AS (
    SELECT
        component_nodes.component,
        count(*) AS nodes,
        sum(coalesce(sizes.size, 1)) AS records
    FROM component_nodes
    LEFT JOIN sizes ON component_nodes.node = sizes.node
    GROUP BY component_nodes.component
),

counted_edges AS (
    SELECT
        component_nodes.component,
        count(*) AS edges,
        count(CASE WHEN edges.weight >= $cut THEN 1 END) AS strong_edges
    FROM edges
    INNER JOIN component_nodes ON edges.a = component_nodes.node
    INNER JOIN component_nodes AS other_nodes
        ON edges.b = other_nodes.node AND component_nodes.component = other_nodes.component
    GROUP BY component_nodes.component
)

SELECT
    counted_nodes.component,
    CAST(counted_nodes.records AS BIGINT) AS records,
    counted_edges.edges,
    counted_edges.strong_edges * 2 = counted_nodes.nodes * (counted_nodes.nodes - 1) AS is_clique
FROM counted_nodes
INNER JOIN counted_edges ON counted_nodes.component = counted_edges.component
