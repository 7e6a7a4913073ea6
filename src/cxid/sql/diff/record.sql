-- grain: record that is not at the same customer id in both runs
-- reads: before_identity_map, after_identity_map
-- writes: diff_record
WITH before_records AS (
    SELECT source, record_key, customer_id FROM before_identity_map WHERE source <> ''
),

after_records AS (
    SELECT source, record_key, customer_id FROM after_identity_map WHERE source <> ''
)

SELECT
    coalesce(before_records.source, after_records.source) AS source,
    coalesce(before_records.record_key, after_records.record_key) AS record_key,
    before_records.customer_id AS before_id,
    after_records.customer_id AS after_id
FROM before_records
FULL OUTER JOIN after_records
    ON before_records.source = after_records.source AND before_records.record_key = after_records.record_key
WHERE before_records.customer_id IS DISTINCT FROM after_records.customer_id
