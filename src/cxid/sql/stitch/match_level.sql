-- grain: agreement pattern of a published pair x compared field
-- reads: link_pattern, match_pair
-- writes: match_level
WITH levels AS (
    SELECT * FROM link_pattern
),

patterns AS (
    SELECT DISTINCT pattern FROM match_pair
)

SELECT
    levels.pattern,
    levels.field,
    levels.level,
    CAST(CAST(levels.weight AS DECIMAL(24, 6)) / 1000000 AS DECIMAL(18, 6)) AS weight
FROM levels
INNER JOIN patterns ON levels.pattern = patterns.pattern
ORDER BY levels.pattern, levels.field
