-- grain: customer with an address: that of the record whose street is golden, else of the record changed last
-- reads: household_address, household_owner, household_number, record, golden_provenance
-- writes: household_place
WITH addresses AS (SELECT record_no, postcode, city, words, number, unit FROM household_address),
owners AS (SELECT record_no, customer_no FROM household_owner),
numbers AS (SELECT customer_id, customer_no FROM household_number),
records AS (SELECT record_no, source, record_key, updated_at FROM record),
golden AS (SELECT customer_id, source, record_key FROM golden_provenance WHERE field = $field),
chosen AS (
    SELECT records.record_no, numbers.customer_no
    FROM golden
    JOIN numbers ON numbers.customer_id = golden.customer_id
    JOIN records ON records.source = golden.source AND records.record_key = golden.record_key
),
ranked AS (
    SELECT
        owners.customer_no,
        addresses.postcode,
        addresses.city,
        addresses.words,
        addresses.number,
        addresses.unit,
        row_number() OVER (
            PARTITION BY owners.customer_no
            ORDER BY
                CASE WHEN chosen.record_no IS NULL THEN 1 ELSE 0 END,
                records.updated_at DESC NULLS LAST,
                addresses.record_no
        ) AS place
    FROM addresses
    JOIN owners ON owners.record_no = addresses.record_no
    JOIN records ON records.record_no = addresses.record_no
    LEFT JOIN chosen ON chosen.record_no = addresses.record_no AND chosen.customer_no = owners.customer_no
)
SELECT customer_no, postcode, city, words, number, unit FROM ranked WHERE place = 1
