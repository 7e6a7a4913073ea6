-- grain: level of a compared field
-- reads: link_model
-- writes: report_model
WITH
levels AS (SELECT * FROM link_model)

SELECT
    field AS label,
    level,
    m,
    u,
    weight,
    pairs
FROM levels
ORDER BY field, level_no
