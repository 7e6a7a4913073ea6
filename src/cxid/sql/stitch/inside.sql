-- grain: pair of nodes in one cluster whose evidence is at or above the cut, or that stands for two groups joined as a whole
-- reads: stitch_edge, stitch_cluster, stitch_node, stitch_composite_link
-- writes: stitch_inside
WITH edges AS (
    SELECT * FROM stitch_edge WHERE weight >= $cut
),

clusters AS (
    SELECT * FROM stitch_cluster
),

nodes AS (
    SELECT * FROM stitch_node
),

composite_links AS (
    SELECT
        least(coalesce(nodes_a.node, links.a), coalesce(nodes_b.node, links.b)) AS a,
        greatest(coalesce(nodes_a.node, links.a), coalesce(nodes_b.node, links.b)) AS b,
        links.probability
    FROM stitch_composite_link AS links
    LEFT JOIN nodes AS nodes_a ON links.a = nodes_a.record_no
    LEFT JOIN nodes AS nodes_b ON links.b = nodes_b.record_no
),

evidence AS (
    SELECT
        a,
        b,
        coalesce(
            probability,
            CAST(floor(1000000 / (1 + power(2, -weight / 1000000)) + 0.5) AS INTEGER)
        ) AS probability,
        CASE
            WHEN weight >= $decided THEN 'decision'
            WHEN id_type IS NOT NULL AND weight_without < $cut THEN 'stitch'
            ELSE 'model'
        END AS link_kind
    FROM edges
    UNION ALL
    SELECT
        composite_links.a,
        composite_links.b,
        composite_links.probability,
        'composite' AS link_kind
    FROM composite_links
    LEFT JOIN edges ON composite_links.a = edges.a AND composite_links.b = edges.b
    WHERE edges.a IS NULL
)

SELECT
    clusters.cluster,
    evidence.a,
    evidence.b,
    evidence.probability,
    evidence.link_kind
FROM evidence
INNER JOIN clusters ON evidence.a = clusters.record_no
INNER JOIN clusters AS other_clusters
    ON evidence.b = other_clusters.record_no AND clusters.cluster = other_clusters.cluster
