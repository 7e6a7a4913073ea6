-- grain: record of the run before; the numbers are missing where the record is gone
-- reads: previous_identity_map, record, stitch_cluster
-- writes: stitch_record_past
WITH earlier AS (
    SELECT customer_id, source, record_key, since_run FROM previous_identity_map WHERE source <> ''
),

records AS (
    SELECT record_no, source, record_key FROM record
),

clusters AS (
    SELECT * FROM stitch_cluster
)

SELECT
    earlier.customer_id AS earlier_id,
    earlier.since_run,
    records.record_no,
    clusters.cluster AS customer_no
FROM earlier
LEFT JOIN records ON earlier.source = records.source AND earlier.record_key = records.record_key
LEFT JOIN clusters ON records.record_no = clusters.record_no
