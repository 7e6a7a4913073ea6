-- grain: pair of clusters with scored pairs of records between them
-- reads: link_pair, stitch_cluster, stitch_radix
-- writes: stitch_composite
WITH pairs AS (
    SELECT * FROM link_pair
),

clusters AS (
    SELECT * FROM stitch_cluster
),

radixes AS (
    SELECT * FROM stitch_radix
),

crossing AS (
    SELECT
        least(clusters_a.cluster, clusters_b.cluster) AS a,
        greatest(clusters_a.cluster, clusters_b.cluster) AS b,
        pairs.record_no_a,
        pairs.record_no_b,
        pairs.pattern,
        pairs.weight,
        pairs.rivals
    FROM pairs
    INNER JOIN clusters AS clusters_a ON pairs.record_no_a = clusters_a.record_no
    INNER JOIN clusters AS clusters_b ON pairs.record_no_b = clusters_b.record_no
    WHERE clusters_a.cluster <> clusters_b.cluster
),

-- levels are numbered from the strongest agreement to the weakest
best AS (
    SELECT
        crossing.a,
        crossing.b,
        radixes.scale * min((crossing.pattern // radixes.scale) % radixes.levels) AS part
    FROM crossing
    CROSS JOIN radixes
    GROUP BY crossing.a, crossing.b, radixes.scale
),

composed AS (
    SELECT
        a,
        b,
        CAST(sum(part) AS BIGINT) AS pattern
    FROM best
    GROUP BY a, b
),

ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY a, b ORDER BY weight DESC, record_no_a, record_no_b) AS place
    FROM crossing
)

SELECT
    composed.a,
    composed.b,
    composed.pattern,
    ranked.record_no_a,
    ranked.record_no_b,
    ranked.weight,
    ranked.rivals
FROM composed
INNER JOIN ranked ON composed.a = ranked.a AND composed.b = ranked.b
WHERE ranked.place = 1
ORDER BY composed.a, composed.b
