-- grain: customer; number above 0: its smallest record; below 0: its smallest identifier
-- reads: stitch_cluster, record, stitch_owner, stitch_identifier
-- writes: stitch_customer_id
WITH clusters AS (
    SELECT DISTINCT cluster FROM stitch_cluster
),

records AS (
    SELECT record_no, source, record_key FROM record
),

owners AS (
    SELECT DISTINCT customer_no FROM stitch_owner WHERE customer_no < 0
),

identifiers AS (
    SELECT * FROM stitch_identifier
)

SELECT
    clusters.cluster AS customer_no,
    concat('cx_', substr(md5(concat('record', chr(31), records.source, chr(31), records.record_key)), 1, 16)) AS customer_id
FROM clusters
INNER JOIN records ON clusters.cluster = records.record_no
UNION ALL
SELECT
    owners.customer_no,
    concat('cx_', substr(md5(concat('identifier', chr(31), identifiers.id_type, chr(31), identifiers.id_value)), 1, 16)) AS customer_id
FROM owners
INNER JOIN identifiers ON -owners.customer_no = identifiers.identifier_no
