-- grain: cluster of two or more records, or with a refused merge at its border
-- reads: stitch_cluster, stitch_inside, stitch_node, stitch_twin, stitch_weakest, refused_merge
-- writes: stitch_group
WITH clusters AS (
    SELECT * FROM stitch_cluster
),

sizes AS (
    SELECT cluster, count(*) AS size FROM clusters GROUP BY cluster
),

nodes AS (
    SELECT node, max(size) AS size FROM stitch_node GROUP BY node
),

inside AS (
    SELECT
        stitch_inside.cluster,
        CAST(sum(coalesce(nodes_a.size, 1) * coalesce(nodes_b.size, 1)) AS BIGINT) AS edges
    FROM stitch_inside
    LEFT JOIN nodes AS nodes_a ON stitch_inside.a = nodes_a.node
    LEFT JOIN nodes AS nodes_b ON stitch_inside.b = nodes_b.node
    GROUP BY stitch_inside.cluster
),

twins AS (
    SELECT
        clusters.cluster,
        CAST(sum(CAST(floor(stitch_twin.size * (stitch_twin.size - 1) / 2) AS BIGINT)) AS BIGINT) AS edges,
        min(stitch_twin.probability) AS weakest
    FROM stitch_twin
    INNER JOIN clusters ON stitch_twin.node = clusters.record_no
    GROUP BY clusters.cluster
),

-- what people decided needs no second look
refused AS (
    SELECT record_no_a AS record_no FROM refused_merge WHERE guard <> 'decision'
    UNION
    SELECT record_no_b AS record_no FROM refused_merge WHERE guard <> 'decision'
),

borders AS (
    SELECT DISTINCT clusters.cluster
    FROM refused
    INNER JOIN clusters ON refused.record_no = clusters.record_no
)

SELECT
    sizes.cluster,
    sizes.size,
    coalesce(inside.edges, 0) + coalesce(twins.edges, 0) AS edges,
    least(coalesce(stitch_weakest.weakest, 1000000), coalesce(twins.weakest, 1000000)) AS weakest,
    borders.cluster IS NOT NULL AS is_refused
FROM sizes
LEFT JOIN inside ON sizes.cluster = inside.cluster
LEFT JOIN twins ON sizes.cluster = twins.cluster
LEFT JOIN stitch_weakest ON sizes.cluster = stitch_weakest.cluster
LEFT JOIN borders ON sizes.cluster = borders.cluster
WHERE sizes.size > 1 OR borders.cluster IS NOT NULL
