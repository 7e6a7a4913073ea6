-- grain: node of two or more identical records, with the probability that they are one person
-- reads: stitch_node, link_pair
-- writes: stitch_twin
WITH nodes AS (
    SELECT * FROM stitch_node WHERE size > 1
),

pairs AS (
    SELECT * FROM link_pair WHERE rules = 0
),

ends AS (
    SELECT record_no_a AS record_no, probability FROM pairs
    UNION ALL
    SELECT record_no_b AS record_no, probability FROM pairs
)

SELECT
    nodes.node,
    min(nodes.size) AS size,
    min(ends.probability) AS probability
FROM nodes
INNER JOIN ends ON nodes.record_no = ends.record_no
GROUP BY nodes.node
