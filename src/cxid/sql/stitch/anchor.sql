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

carried AS (
    SELECT
        uses.identifier_no,
        clusters.cluster,
        count(*) AS records,
        max(records.updated_at) AS updated_at
    FROM uses
    INNER JOIN clusters ON uses.record_no = clusters.record_no
    INNER JOIN records ON uses.record_no = records.record_no
    LEFT JOIN hubs ON uses.identifier_no = hubs.identifier_no
    WHERE hubs.identifier_no IS NULL
    GROUP BY uses.identifier_no, clusters.cluster
)

SELECT
    identifier_no,
    cluster AS customer_no,
    records,
    sum(records) OVER (PARTITION BY identifier_no) AS all_records,
    count(*) OVER (PARTITION BY identifier_no) AS customers,
    row_number() OVER (
        PARTITION BY identifier_no ORDER BY records DESC, updated_at DESC NULLS LAST, cluster
    ) AS place
FROM carried
