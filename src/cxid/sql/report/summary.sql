-- grain: figure of the linkage
-- reads: link_summary
-- writes: report_summary
WITH
figures AS (SELECT * FROM link_summary)

SELECT
    name AS label,
    value AS amount
FROM figures
ORDER BY name
