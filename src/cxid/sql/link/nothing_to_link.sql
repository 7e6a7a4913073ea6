-- grain: figure of the linkage
-- reads: record_norm
-- writes: link_summary
WITH record AS (SELECT * FROM record_norm)
SELECT 'records' AS name, CAST(count(*) AS VARCHAR) AS value FROM record
UNION ALL
SELECT 'status' AS name, 'not_identified' AS value
UNION ALL
SELECT 'reason' AS name, 'there is no field with values to compare' AS value
ORDER BY name
