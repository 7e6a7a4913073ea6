-- grain: record that is identical to others; they go through clustering as one node of at most max_group records
-- reads: record, stitch_identical_group, stitch_split
-- writes: stitch_node
WITH records AS (
    SELECT record_no, source FROM record
),

identical_groups AS (
    SELECT * FROM stitch_identical_group
),

splits AS (
    SELECT * FROM stitch_split
),

-- records of a source that holds each person once cannot share a node: its first goes to layer 1, its next to 2
layered AS (
    SELECT
        identical_groups.node AS record_no,
        identical_groups.component AS identical_group,
        coalesce(splits.split, '') AS split,
        CASE WHEN coalesce(splits.is_single, false) THEN
            row_number() OVER (
                PARTITION BY identical_groups.component, coalesce(splits.split, ''), records.source
                ORDER BY records.record_no
            )
        ELSE 1 END AS layer
    FROM identical_groups
    INNER JOIN records ON identical_groups.node = records.record_no
    LEFT JOIN splits ON records.record_no = splits.record_no
),

placed AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY identical_group, split, layer ORDER BY record_no) - 1 AS place
    FROM layered
),

chunked AS (
    SELECT
        *,
        CAST(floor(place / $max_group) AS BIGINT) AS chunk
    FROM placed
)

SELECT
    record_no,
    min(record_no) OVER (PARTITION BY identical_group, split, layer, chunk) AS node,
    count(*) OVER (PARTITION BY identical_group, split, layer, chunk) AS size
FROM chunked
