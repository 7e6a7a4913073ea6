-- grain: customer
-- reads: customer, golden_customer, profile_number, profile_seen, identifier_customer, profile_identifier_kind
-- writes: profile_identity
WITH customers AS (SELECT customer_id, is_known, record_count FROM customer),
golden AS (SELECT customer_id, confidence, completeness, needs_review FROM golden_customer),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
seen AS (SELECT customer_no, source_count, sources, first_seen, last_seen FROM profile_seen),
identifiers AS (SELECT customer_id, id_type FROM identifier_customer),
kinds AS (SELECT id_type, kind FROM profile_identifier_kind),
counted AS (
    SELECT
        identifiers.customer_id,
        count(*) AS identifiers,
        sum(CASE WHEN kinds.kind = 'email' THEN 1 ELSE 0 END) AS emails,
        sum(CASE WHEN kinds.kind = 'phone' THEN 1 ELSE 0 END) AS phones,
        sum(CASE WHEN kinds.kind = 'device' THEN 1 ELSE 0 END) AS devices,
        sum(CASE WHEN kinds.kind = 'handle' THEN 1 ELSE 0 END) AS handles,
        sum(CASE WHEN kinds.kind = 'hash' THEN 1 ELSE 0 END) AS hashes,
        sum(CASE WHEN kinds.kind = 'number' THEN 1 ELSE 0 END) AS numbers
    FROM identifiers
    JOIN kinds ON kinds.id_type = identifiers.id_type
    GROUP BY identifiers.customer_id
)
SELECT
    numbers.customer_no,
    customers.is_known,
    customers.record_count,
    coalesce(seen.source_count, 0) AS source_count,
    coalesce(seen.sources, '') AS sources,
    CAST(coalesce(counted.identifiers, 0) AS BIGINT) AS identifiers,
    CAST(coalesce(counted.emails, 0) AS BIGINT) AS identifiers_email,
    CAST(coalesce(counted.phones, 0) AS BIGINT) AS identifiers_phone,
    CAST(coalesce(counted.devices, 0) AS BIGINT) AS identifiers_device,
    CAST(coalesce(counted.handles, 0) AS BIGINT) AS identifiers_handle,
    CAST(coalesce(counted.hashes, 0) AS BIGINT) AS identifiers_hash,
    CAST(coalesce(counted.numbers, 0) AS BIGINT) AS identifiers_number,
    seen.first_seen,
    seen.last_seen,
    golden.confidence,
    golden.completeness,
    golden.needs_review
FROM customers
JOIN numbers ON numbers.customer_id = customers.customer_id
LEFT JOIN golden ON golden.customer_id = customers.customer_id
LEFT JOIN seen ON seen.customer_no = numbers.customer_no
LEFT JOIN counted ON counted.customer_id = customers.customer_id
