-- grain: pair of nodes in one cluster whose evidence is at or above the cut
-- reads: stitch_edge, stitch_cluster
-- writes: stitch_inside
WITH edges AS (
    SELECT * FROM stitch_edge WHERE weight >= $cut
),

clusters AS (
    SELECT * FROM stitch_cluster
)

SELECT
    clusters.cluster,
    edges.a,
    edges.b,
    coalesce(
        edges.probability,
        CAST(floor(1000000 / (1 + power(2, -edges.weight / 1000000)) + 0.5) AS INTEGER)
    ) AS probability,
    CASE WHEN edges.weight >= $decided THEN 'decision' WHEN edges.id_type IS NOT NULL AND edges.weight_without < $cut THEN 'stitch' ELSE 'model' END AS link_kind
FROM edges
INNER JOIN clusters ON edges.a = clusters.record_no
INNER JOIN clusters AS other_clusters ON edges.b = other_clusters.record_no AND clusters.cluster = other_clusters.cluster
