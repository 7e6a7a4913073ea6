-- grain: group of records that deserves a look, the largest 20
-- reads: match_group
-- writes: report_suspicious
WITH
flagged AS (SELECT * FROM match_group WHERE flags <> '')

SELECT
    customer_id AS label,
    size,
    edges,
    density,
    weakest_probability,
    flags
FROM flagged
ORDER BY size DESC, weakest_probability, customer_id
LIMIT 20
