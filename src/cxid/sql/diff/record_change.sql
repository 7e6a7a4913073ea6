-- grain: people source whose rows may differ
-- reads: diff_suspect, before_record, after_record
-- writes: diff_record_change
WITH before_records AS (
    SELECT records.source, records.record_key, records.row_digest
    FROM before_record AS records
    INNER JOIN diff_suspect AS suspects ON records.source = suspects.source
),

after_records AS (
    SELECT records.source, records.record_key, records.row_digest
    FROM after_record AS records
    INNER JOIN diff_suspect AS suspects ON records.source = suspects.source
)

SELECT
    coalesce(before_records.source, after_records.source) AS source,
    count(CASE WHEN before_records.source IS NULL THEN 1 END) AS added,
    count(CASE WHEN after_records.source IS NULL THEN 1 END) AS removed,
    count(CASE WHEN before_records.row_digest <> after_records.row_digest THEN 1 END) AS changed
FROM before_records
FULL OUTER JOIN after_records
    ON before_records.source = after_records.source AND before_records.record_key = after_records.record_key
GROUP BY coalesce(before_records.source, after_records.source)
