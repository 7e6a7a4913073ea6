-- grain: node of a cluster that has scored pairs with another cluster
-- reads: record, stitch_cluster, stitch_composite, stitch_node
-- writes: stitch_composite_member
WITH records AS (
    SELECT record_no, source, record_key FROM record
),

clusters AS (
    SELECT * FROM stitch_cluster
),

composites AS (
    SELECT a AS cluster FROM stitch_composite
    UNION
    SELECT b AS cluster FROM stitch_composite
),

nodes AS (
    SELECT * FROM stitch_node
)

-- ties go by a digest of the key, as in the rest of the clustering
SELECT
    clusters.cluster AS component,
    coalesce(nodes.node, clusters.record_no) AS node,
    count(*) AS records,
    min(md5(concat(records.source, chr(31), records.record_key))) AS tie
FROM clusters
INNER JOIN composites ON clusters.cluster = composites.cluster
INNER JOIN records ON clusters.record_no = records.record_no
LEFT JOIN nodes ON clusters.record_no = nodes.record_no
GROUP BY clusters.cluster, coalesce(nodes.node, clusters.record_no)
