-- grain: identifier x customer whose records carry it, the customer that it names first in place 1
-- reads: stitch_record_use, stitch_cluster, stitch_record_hub, record
-- writes: stitch_anchor
WITH uses AS (
    SELECT * FROM stitch_record_use
),

clusters AS (
    SELECT * FROM stitch_cluster
),

hubs AS (
    SELECT * FROM stitch_record_hub
),

records AS (
    SELECT record_no, updated_at FROM record
),

counted AS (
    SELECT
        uses.identifier_no,
        count(*) AS records,
        min(clusters.cluster) AS smallest,
        max(clusters.cluster) AS largest
    FROM uses
    INNER JOIN clusters ON uses.record_no = clusters.record_no
    GROUP BY uses.identifier_no
),

carried AS (
    SELECT counted.*
    FROM counted
    LEFT JOIN hubs ON counted.identifier_no = hubs.identifier_no
    WHERE hubs.identifier_no IS NULL
),

-- nine in ten identifiers are on the records of one customer: there is nothing to rank
shared AS (
    SELECT
        uses.identifier_no,
        clusters.cluster,
        count(*) AS records,
        max(records.updated_at) AS updated_at
    FROM carried
    INNER JOIN uses ON carried.identifier_no = uses.identifier_no
    INNER JOIN clusters ON uses.record_no = clusters.record_no
    INNER JOIN records ON uses.record_no = records.record_no
    WHERE carried.smallest <> carried.largest
    GROUP BY uses.identifier_no, clusters.cluster
)

SELECT
    identifier_no,
    smallest AS customer_no,
    records,
    records AS all_records,
    CAST(1 AS BIGINT) AS customers,
    CAST(1 AS BIGINT) AS place
FROM carried
WHERE smallest = largest
UNION ALL
SELECT
    identifier_no,
    cluster AS customer_no,
    records,
    CAST(sum(records) OVER (PARTITION BY identifier_no) AS BIGINT) AS all_records,
    count(*) OVER (PARTITION BY identifier_no) AS customers,
    row_number() OVER (
        PARTITION BY identifier_no ORDER BY records DESC, updated_at DESC NULLS LAST, cluster
    ) AS place
FROM shared
