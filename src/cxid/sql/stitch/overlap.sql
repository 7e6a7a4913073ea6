-- grain: id of the run before x customer that holds members of it now
-- reads: stitch_record_past, stitch_identifier_past
-- writes: stitch_overlap
WITH shared_records AS (
    SELECT earlier_id, customer_no, count(*) AS records
    FROM stitch_record_past
    WHERE customer_no IS NOT NULL
    GROUP BY earlier_id, customer_no
),

shared_identifiers AS (
    SELECT earlier_id, customer_no, count(*) AS identifiers
    FROM stitch_identifier_past
    WHERE customer_no IS NOT NULL
    GROUP BY earlier_id, customer_no
),

-- identifiers alone lead from a customer without records or to one: a telephone number changes hands
bare AS (
    SELECT shared_identifiers.*
    FROM shared_identifiers
    LEFT JOIN shared_records
        ON shared_identifiers.earlier_id = shared_records.earlier_id
        AND shared_identifiers.customer_no = shared_records.customer_no
    WHERE shared_records.earlier_id IS NULL
),

recorded AS (
    SELECT DISTINCT bare.earlier_id
    FROM bare
    INNER JOIN stitch_record_past AS records ON bare.earlier_id = records.earlier_id
)

SELECT
    shared_records.earlier_id,
    shared_records.customer_no,
    shared_records.records,
    coalesce(shared_identifiers.identifiers, 0) AS identifiers
FROM shared_records
LEFT JOIN shared_identifiers
    ON shared_records.earlier_id = shared_identifiers.earlier_id
    AND shared_records.customer_no = shared_identifiers.customer_no
UNION ALL
SELECT
    bare.earlier_id,
    bare.customer_no,
    CAST(0 AS BIGINT) AS records,
    bare.identifiers
FROM bare
LEFT JOIN recorded ON bare.earlier_id = recorded.earlier_id
WHERE bare.customer_no < 0 OR recorded.earlier_id IS NULL
