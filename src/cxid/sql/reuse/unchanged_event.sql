-- grain: range of events that the run before had, under other numbers
-- reads: source_file, quarantine, earlier_source_file, earlier_quarantine
-- writes: unchanged_event
WITH
files AS (SELECT source, file, digest, basis, rows_before, rows_read FROM source_file),
files_before AS (SELECT source, file, digest, basis, rows_before, rows_read FROM earlier_source_file),
refused AS (SELECT source, file, line, reason, field FROM quarantine),
refused_before AS (SELECT source, file, line, reason, field FROM earlier_quarantine),
-- which of two rows of a key stays may hang on another file
other AS (
    (SELECT source, file, line, reason, field FROM refused
    EXCEPT SELECT source, file, line, reason, field FROM refused_before)
    UNION ALL
    (SELECT source, file, line, reason, field FROM refused_before
    EXCEPT SELECT source, file, line, reason, field FROM refused)
),
otherwise_refused AS (SELECT DISTINCT source, file FROM other),
alike AS (
    SELECT files.rows_before, files.rows_read, files_before.rows_before AS earlier_before
    FROM files
    INNER JOIN files_before
        ON
            files.source = files_before.source AND files.file = files_before.file
            AND files.digest = files_before.digest AND files.basis = files_before.basis
    LEFT JOIN otherwise_refused
        ON files.source = otherwise_refused.source AND files.file = otherwise_refused.file
    WHERE otherwise_refused.source IS NULL AND files.rows_read > 0
),
placed AS (
    SELECT
        rows_before,
        rows_read,
        earlier_before,
        CASE
            WHEN lag(rows_before + rows_read) OVER (ORDER BY rows_before) = rows_before
                AND lag(earlier_before - rows_before) OVER (ORDER BY rows_before) = earlier_before - rows_before
                THEN 0
            ELSE 1
        END AS opens
    FROM alike
),
ranged AS (
    SELECT
        rows_before,
        rows_read,
        earlier_before,
        sum(opens) OVER (ORDER BY rows_before ROWS UNBOUNDED PRECEDING) AS range_no
    FROM placed
)
SELECT
    CAST(min(rows_before) + 1 AS BIGINT) AS first_no,
    CAST(max(rows_before + rows_read) AS BIGINT) AS last_no,
    CAST(min(earlier_before) + 1 AS BIGINT) AS earlier_first_no
FROM ranged
GROUP BY range_no
ORDER BY first_no
