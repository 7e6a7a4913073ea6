-- grain: source, reconciled to the last line
-- reads: source_file
-- writes: report_sources
WITH
files AS (SELECT * FROM source_file)

SELECT
    source AS label,
    count(*) AS files,
    CAST(sum(bytes) AS BIGINT) AS bytes,
    CAST(sum(physical_lines) AS BIGINT) AS lines,
    CAST(sum(header_lines) AS BIGINT) AS header,
    CAST(sum(accepted) AS BIGINT) AS accepted,
    CAST(sum(value_newlines) AS BIGINT) AS inside_values,
    CAST(sum(rejected_lines) AS BIGINT) AS quarantined,
    CAST(sum(blank_lines) AS BIGINT) AS blank,
    CAST(
        sum(physical_lines - header_lines - accepted - value_newlines - rejected_lines - blank_lines) AS BIGINT
    ) AS unaccounted
FROM files
GROUP BY source
ORDER BY source
