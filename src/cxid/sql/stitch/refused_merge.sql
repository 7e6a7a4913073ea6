-- grain: merge that a guard refused, by the strongest pair of records across it
-- reads: stitch_refused, stitch_edge, stitch_cluster
-- writes: refused_merge
WITH refused AS (
    SELECT * FROM stitch_refused
),

shared_edges AS (
    SELECT * FROM stitch_edge WHERE id_type IS NOT NULL AND weight < $cut
),

clusters AS (
    SELECT * FROM stitch_cluster
),

every_refusal AS (
    SELECT a, b, guard, detail FROM refused
    UNION ALL
    SELECT shared_edges.a, shared_edges.b, 'evidence' AS guard, shared_edges.id_type AS detail
    FROM shared_edges
    INNER JOIN clusters ON shared_edges.a = clusters.record_no
    INNER JOIN clusters AS other_clusters
        ON shared_edges.b = other_clusters.record_no AND clusters.cluster <> other_clusters.cluster
)

SELECT
    a AS record_no_a,
    b AS record_no_b,
    guard,
    min(detail) AS detail
FROM every_refusal
GROUP BY a, b, guard
ORDER BY record_no_a, record_no_b, guard
