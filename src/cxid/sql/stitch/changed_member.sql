-- grain: id of the run before, or customer, with whether a decision or a row of its records changed between the runs
-- reads: stitch_change, stitch_decided_record, previous_identity_map, record, stitch_cluster, stitch_record_past, previous_record, identity_basis, previous_identity_basis
-- writes: stitch_changed_member
WITH earlier AS (
    SELECT DISTINCT earlier_id FROM stitch_change WHERE earlier_id IS NOT NULL
),

-- records that were nobody's make a new customer: that needs no asking
present AS (
    SELECT DISTINCT customer_no
    FROM stitch_change
    WHERE customer_no > 0 AND (earlier_id IS NOT NULL OR event <> 'created')
),

decided AS (
    SELECT record FROM stitch_decided_record
),

-- a row read by another mapping says nothing of the data
mapped AS (
    SELECT present_part.part
    FROM identity_basis AS present_part
    INNER JOIN previous_identity_basis AS earlier_part
        ON present_part.part = earlier_part.part AND present_part.digest = earlier_part.digest
),

now_members AS (
    SELECT present.customer_no, records.record_no, records.source, records.record_key, records.row_digest
    FROM present
    INNER JOIN stitch_cluster AS clusters ON present.customer_no = clusters.cluster
    INNER JOIN record AS records ON clusters.record_no = records.record_no
),

then_records AS (
    SELECT previous_record.source, previous_record.record_key, previous_record.row_digest
    FROM previous_record
    INNER JOIN now_members
        ON previous_record.source = now_members.source AND previous_record.record_key = now_members.record_key
),

found AS (
    SELECT
        CAST(NULL AS VARCHAR) AS earlier_id,
        now_members.customer_no,
        CASE WHEN decided.record IS NULL THEN 0 ELSE 1 END AS is_decided,
        CASE
            WHEN then_records.source IS NULL THEN 1
            WHEN then_records.row_digest <> now_members.row_digest AND mapped.part IS NOT NULL THEN 1
            ELSE 0
        END AS is_changed
    FROM now_members
    LEFT JOIN then_records
        ON now_members.source = then_records.source AND now_members.record_key = then_records.record_key
    LEFT JOIN mapped ON concat('source ', now_members.source) = mapped.part
    LEFT JOIN decided ON concat(now_members.source, chr(31), now_members.record_key) = decided.record
    UNION ALL
    SELECT
        earlier.earlier_id,
        CAST(NULL AS BIGINT) AS customer_no,
        0 AS is_decided,
        CASE WHEN past.record_no IS NULL THEN 1 ELSE 0 END AS is_changed
    FROM earlier
    INNER JOIN stitch_record_past AS past ON earlier.earlier_id = past.earlier_id
    UNION ALL
    SELECT
        entries.customer_id AS earlier_id,
        CAST(NULL AS BIGINT) AS customer_no,
        1 AS is_decided,
        0 AS is_changed
    FROM previous_identity_map AS entries
    INNER JOIN decided ON concat(entries.source, chr(31), entries.record_key) = decided.record
)

SELECT
    earlier_id,
    customer_no,
    max(is_decided) AS is_decided,
    max(is_changed) AS is_changed
FROM found
GROUP BY earlier_id, customer_no
