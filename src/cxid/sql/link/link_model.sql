-- grain: level of a compared field
-- reads: link_level
-- writes: link_model
WITH level_row AS (SELECT * FROM link_level)
SELECT
    field,
    level_no,
    level,
    CAST(CAST(m AS DECIMAL(18, 9)) / 1000000000 AS DECIMAL(18, 9)) AS m,
    CAST(CAST(u AS DECIMAL(18, 9)) / 1000000000 AS DECIMAL(18, 9)) AS u,
    weight,
    pairs
FROM level_row
ORDER BY field, level_no
