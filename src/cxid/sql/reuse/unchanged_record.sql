-- grain: record that the run before had, with the same values
-- reads: record, source_file, earlier_record_row, earlier_source_file
-- writes: unchanged_record
WITH
now AS (SELECT record_no, source, record_key, row_digest FROM record),
earlier AS (SELECT record_no, source, record_key, row_digest FROM earlier_record_row),
-- the same digest of other columns says nothing
read_alike AS (
    SELECT DISTINCT files.source
    FROM source_file AS files
    INNER JOIN earlier_source_file AS files_before
        ON files.source = files_before.source AND files.basis = files_before.basis
)
SELECT now.record_no, earlier.record_no AS earlier_record_no
FROM now
INNER JOIN earlier
    ON now.source = earlier.source AND now.record_key = earlier.record_key AND now.row_digest = earlier.row_digest
WHERE now.source IN (SELECT source FROM read_alike)
ORDER BY now.record_no
