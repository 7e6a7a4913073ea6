-- grain: source of either run
-- reads: before_source_file, after_source_file
-- writes: diff_file_change
WITH before_files AS (
    SELECT source, file, digest, accepted, rejected_lines FROM before_source_file
),

after_files AS (
    SELECT source, file, digest, accepted, rejected_lines FROM after_source_file
)

SELECT
    coalesce(before_files.source, after_files.source) AS source,
    count(CASE WHEN before_files.source IS NULL THEN 1 END) AS added,
    count(CASE WHEN after_files.source IS NULL THEN 1 END) AS removed,
    count(CASE WHEN before_files.digest <> after_files.digest THEN 1 END) AS changed,
    CAST(coalesce(sum(before_files.accepted), 0) AS BIGINT) AS rows_before,
    CAST(coalesce(sum(after_files.accepted), 0) AS BIGINT) AS rows_after,
    CAST(coalesce(sum(before_files.rejected_lines), 0) AS BIGINT) AS quarantined_before,
    CAST(coalesce(sum(after_files.rejected_lines), 0) AS BIGINT) AS quarantined_after
FROM before_files
FULL OUTER JOIN after_files ON before_files.source = after_files.source AND before_files.file = after_files.file
GROUP BY coalesce(before_files.source, after_files.source)
ORDER BY source
