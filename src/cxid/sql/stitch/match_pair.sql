-- grain: scored pair that was merged, refused, or is worth a look
-- reads: link_pair, record, stitch_cluster, stitch_node, stitch_edge, stitch_together, stitch_apart, stitch_composite_link, refused_merge, stitch_rule_text
-- writes: match_pair
WITH pairs AS (
    SELECT
        link_pair.record_no_a,
        link_pair.record_no_b,
        link_pair.rules,
        link_pair.pattern,
        link_pair.weight,
        link_pair.rivals,
        link_pair.probability,
        clusters_a.cluster AS cluster_a,
        clusters_b.cluster AS cluster_b,
        coalesce(nodes_a.node, link_pair.record_no_a) AS node_a,
        coalesce(nodes_b.node, link_pair.record_no_b) AS node_b
    FROM link_pair
    INNER JOIN stitch_cluster AS clusters_a ON link_pair.record_no_a = clusters_a.record_no
    INNER JOIN stitch_cluster AS clusters_b ON link_pair.record_no_b = clusters_b.record_no
    LEFT JOIN stitch_node AS nodes_a ON link_pair.record_no_a = nodes_a.record_no
    LEFT JOIN stitch_node AS nodes_b ON link_pair.record_no_b = nodes_b.record_no
),

-- a guard keeps two whole clusters apart, so every pair across them was refused by it
refused AS (
    SELECT
        least(clusters_a.cluster, clusters_b.cluster) AS cluster_a,
        greatest(clusters_a.cluster, clusters_b.cluster) AS cluster_b,
        min(refused_merge.guard) AS guard
    FROM refused_merge
    INNER JOIN stitch_cluster AS clusters_a ON refused_merge.record_no_a = clusters_a.record_no
    INNER JOIN stitch_cluster AS clusters_b ON refused_merge.record_no_b = clusters_b.record_no
    GROUP BY least(clusters_a.cluster, clusters_b.cluster), greatest(clusters_a.cluster, clusters_b.cluster)
),

shared AS (
    SELECT a, b FROM stitch_edge WHERE id_type IS NOT NULL AND weight >= $cut AND weight_without < $cut
),

records AS (
    SELECT record_no, source, record_key FROM record
),

decided AS (
    SELECT
        pairs.*,
        CASE
            WHEN pairs.cluster_a = pairs.cluster_b THEN 'merged'
            WHEN unlinks.a IS NOT NULL OR refused.guard IN ('never_merge', 'one_per_source', 'decision') THEN 'apart'
            WHEN pairs.probability >= $review THEN 'review'
            ELSE 'apart'
        END AS decision,
        CASE
            WHEN links.a IS NOT NULL OR unlinks.a IS NOT NULL THEN 'decision'
            WHEN pairs.cluster_a = pairs.cluster_b AND shared.a IS NOT NULL THEN 'stitch'
            WHEN composite_links.a IS NOT NULL AND pairs.weight < $cut THEN 'composite'
            WHEN pairs.cluster_a <> pairs.cluster_b AND refused.guard IS NOT NULL THEN refused.guard
            ELSE 'model'
        END AS decided_by
    FROM pairs
    LEFT JOIN refused
        ON least(pairs.cluster_a, pairs.cluster_b) = refused.cluster_a
        AND greatest(pairs.cluster_a, pairs.cluster_b) = refused.cluster_b
    LEFT JOIN shared
        ON least(pairs.node_a, pairs.node_b) = shared.a AND greatest(pairs.node_a, pairs.node_b) = shared.b
    LEFT JOIN stitch_composite_link AS composite_links
        ON pairs.record_no_a = composite_links.a AND pairs.record_no_b = composite_links.b
    LEFT JOIN stitch_together AS links ON pairs.record_no_a = links.a AND pairs.record_no_b = links.b
    LEFT JOIN stitch_apart AS unlinks ON pairs.record_no_a = unlinks.a AND pairs.record_no_b = unlinks.b
    WHERE pairs.cluster_a = pairs.cluster_b OR pairs.probability >= $review OR refused.guard IS NOT NULL
)

SELECT
    records_a.source AS source_a,
    records_a.record_key AS record_key_a,
    records_b.source AS source_b,
    records_b.record_key AS record_key_b,
    rule_texts.rule_text AS rules,
    decided.pattern,
    CAST(CAST(decided.weight AS DECIMAL(24, 6)) / 1000000 AS DECIMAL(18, 6)) AS weight,
    CAST(CAST(decided.rivals AS DECIMAL(24, 6)) / 1000000 AS DECIMAL(18, 6)) AS rivals,
    CAST(CAST(decided.probability AS DECIMAL(18, 6)) / 1000000 AS DECIMAL(9, 6)) AS probability,
    decided.decision,
    decided.decided_by
FROM decided
INNER JOIN records AS records_a ON decided.record_no_a = records_a.record_no
INNER JOIN records AS records_b ON decided.record_no_b = records_b.record_no
INNER JOIN stitch_rule_text AS rule_texts ON decided.rules = rule_texts.rules
-- records are numbered in the order of their keys
ORDER BY decided.record_no_a, decided.record_no_b
