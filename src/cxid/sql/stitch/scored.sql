-- grain: scored pair of nodes
-- reads: link_pair, stitch_node
-- writes: stitch_scored
WITH pairs AS (
    SELECT * FROM link_pair
),

nodes AS (
    SELECT * FROM stitch_node
),

ends AS (
    SELECT
        coalesce(nodes_a.node, pairs.record_no_a) AS node_a,
        coalesce(nodes_b.node, pairs.record_no_b) AS node_b,
        pairs.weight,
        pairs.probability,
        pairs.household
    FROM pairs
    LEFT JOIN nodes AS nodes_a ON pairs.record_no_a = nodes_a.record_no
    LEFT JOIN nodes AS nodes_b ON pairs.record_no_b = nodes_b.record_no
)

SELECT
    least(node_a, node_b) AS a,
    greatest(node_a, node_b) AS b,
    max(weight) AS weight,
    max(probability) AS probability,
    max(household) AS household
FROM ends
WHERE node_a <> node_b
GROUP BY least(node_a, node_b), greatest(node_a, node_b)
