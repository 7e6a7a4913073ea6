-- grain: customer that gets a new id, with the text that the id is a digest of; it names its smallest record or identifier
-- reads: stitch_cluster, record, stitch_owner, stitch_identifier, stitch_heir, stitch_former_heir
-- writes: stitch_fresh_customer
WITH customers AS (
    SELECT cluster AS customer_no FROM stitch_cluster WHERE cluster = record_no
    UNION ALL
    SELECT DISTINCT customer_no FROM stitch_owner WHERE customer_no < 0
),

named AS (
    SELECT customer_no FROM stitch_heir WHERE stays
    UNION ALL
    SELECT customer_no FROM stitch_former_heir WHERE returns
),

fresh AS (
    SELECT customers.customer_no
    FROM customers
    LEFT JOIN named ON customers.customer_no = named.customer_no
    WHERE named.customer_no IS NULL
),

records AS (
    SELECT record_no, source, record_key FROM record
),

identifiers AS (
    SELECT identifier_no, id_type, id_value FROM stitch_identifier
)

SELECT
    fresh.customer_no,
    concat('record', chr(31), records.source, chr(31), records.record_key) AS text
FROM fresh
INNER JOIN records ON fresh.customer_no = records.record_no
UNION ALL
SELECT
    fresh.customer_no,
    concat('identifier', chr(31), identifiers.id_type, chr(31), identifiers.id_value) AS text
FROM fresh
INNER JOIN identifiers ON -fresh.customer_no = identifiers.identifier_no
