-- grain: record, with its best link within its cluster
-- reads: stitch_cluster, stitch_node, stitch_twin, stitch_inside
-- writes: stitch_record_link
WITH clusters AS (
    SELECT * FROM stitch_cluster
),

nodes AS (
    SELECT * FROM stitch_node
),

twins AS (
    SELECT * FROM stitch_twin
),

ends AS (
    SELECT a AS node, probability, link_kind FROM stitch_inside
    UNION ALL
    SELECT b AS node, probability, link_kind FROM stitch_inside
),

ranked AS (
    SELECT
        node,
        max(probability) AS probability,
        max(CASE WHEN link_kind = 'model' THEN probability ELSE -1 END) AS model_probability,
        max(CASE WHEN link_kind = 'composite' THEN probability ELSE -1 END) AS composite_probability,
        max(CASE WHEN link_kind = 'decision' THEN 1 ELSE 0 END) AS decided
    FROM ends
    GROUP BY node
)

SELECT
    clusters.record_no,
    clusters.cluster,
    CASE
        WHEN twins.node IS NOT NULL THEN 'exact'
        WHEN ranked.node IS NULL THEN 'single'
        WHEN ranked.decided = 1 THEN 'decision'
        WHEN ranked.model_probability = ranked.probability THEN 'model'
        WHEN ranked.composite_probability = ranked.probability THEN 'composite'
        ELSE 'stitch'
    END AS link_kind,
    coalesce(greatest(twins.probability, ranked.probability), twins.probability, ranked.probability, 1000000) AS probability
FROM clusters
LEFT JOIN nodes ON clusters.record_no = nodes.record_no
LEFT JOIN twins ON nodes.node = twins.node
LEFT JOIN ranked ON coalesce(nodes.node, clusters.record_no) = ranked.node
