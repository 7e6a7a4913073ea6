-- grain: source record or identifier; one that was at this customer in the run before keeps its run; by the numbers, whose order is that of the texts
-- reads: record, record_customer, stitch_identifier, stitch_identifier_link, stitch_record_past, stitch_identifier_past
-- writes: identity_map
WITH entries AS (
    SELECT
        record_customer.customer_id,
        record.source,
        record.record_key,
        '' AS id_type,
        '' AS id_value,
        record_customer.link_kind,
        record_customer.probability,
        past.since_run,
        1 AS part,
        record_customer.record_no AS place
    FROM record_customer
    INNER JOIN record ON record_customer.record_no = record.record_no
    LEFT JOIN stitch_record_past AS past
        ON record_customer.record_no = past.record_no AND record_customer.customer_id = past.earlier_id
    UNION ALL
    SELECT
        links.customer_id,
        '' AS source,
        '' AS record_key,
        identifiers.id_type,
        identifiers.id_value,
        links.link_kind,
        links.probability,
        past.since_run,
        0 AS part,
        links.identifier_no AS place
    FROM stitch_identifier_link AS links
    INNER JOIN stitch_identifier AS identifiers ON links.identifier_no = identifiers.identifier_no
    LEFT JOIN stitch_identifier_past AS past
        ON links.identifier_no = past.identifier_no AND links.customer_id = past.earlier_id
)

SELECT
    customer_id,
    source,
    record_key,
    id_type,
    id_value,
    link_kind,
    CAST(CAST(probability AS DECIMAL(18, 6)) / 1000000 AS DECIMAL(9, 6)) AS probability,
    coalesce(since_run, $run_id) AS since_run
FROM entries
ORDER BY part, id_type, place
