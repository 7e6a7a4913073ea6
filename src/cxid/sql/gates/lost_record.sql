-- grain: source of the run before, with its records then and those of them that are gone
-- reads: gate_earlier, gate_present
-- writes: gate_lost_record
WITH
earlier AS (
    SELECT source, record_key FROM gate_earlier WHERE source <> ''
),

present AS (
    SELECT source, record_key FROM gate_present WHERE source <> ''
)

SELECT
    earlier.source AS name,
    count(*) AS of_all,
    count(CASE WHEN present.source IS NULL THEN 1 END) AS hit
FROM earlier
LEFT JOIN present ON earlier.source = present.source AND earlier.record_key = present.record_key
GROUP BY earlier.source
