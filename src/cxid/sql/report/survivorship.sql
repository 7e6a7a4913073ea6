-- grain: people field with a source that golden values come from
-- reads: golden_provenance
-- writes: report_survivorship
WITH
chosen AS (SELECT field, source, conflict FROM golden_provenance)

SELECT
    field AS label,
    source,
    count(*) AS chosen,
    count(CASE WHEN conflict THEN 1 END) AS conflicts
FROM chosen
GROUP BY field, source
ORDER BY field, chosen DESC, source
