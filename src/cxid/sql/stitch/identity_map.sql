-- grain: source record or identifier
-- reads: record, record_customer, identifier_customer, stitch_previous
-- writes: identity_map
WITH entries AS (
    SELECT
        record_customer.customer_id,
        record.source,
        record.record_key,
        '' AS id_type,
        '' AS id_value,
        record_customer.link_kind,
        record_customer.probability
    FROM record_customer
    INNER JOIN record ON record_customer.record_no = record.record_no
    UNION ALL
    SELECT
        customer_id,
        '' AS source,
        '' AS record_key,
        id_type,
        id_value,
        link_kind,
        probability
    FROM identifier_customer
),

previous AS (
    SELECT * FROM stitch_previous
)

SELECT
    entries.customer_id,
    entries.source,
    entries.record_key,
    entries.id_type,
    entries.id_value,
    entries.link_kind,
    CAST(CAST(entries.probability AS DECIMAL(18, 6)) / 1000000 AS DECIMAL(9, 6)) AS probability,
    coalesce(previous.since_run, $run_id) AS since_run
FROM entries
LEFT JOIN previous
    ON entries.source = previous.source
    AND entries.record_key = previous.record_key
    AND entries.id_type = previous.id_type
    AND entries.id_value = previous.id_value
    AND entries.customer_id = previous.customer_id
