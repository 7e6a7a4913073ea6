-- grain: compared field that pairs in doubt have no value for on one side or both
-- reads: report_doubt, match_level
-- writes: report_lacking
WITH
patterns AS (SELECT pattern, sum(pairs) AS pairs FROM report_doubt WHERE is_doubtful = 1 GROUP BY pattern),

levels AS (SELECT pattern, field, level FROM match_level),

counted AS (
    SELECT
        levels.field,
        CAST(sum(patterns.pairs) AS BIGINT) AS pairs,
        CAST(sum(CASE WHEN levels.level = 'missing' THEN patterns.pairs ELSE 0 END) AS BIGINT) AS missing,
        CAST(sum(CASE WHEN levels.level = 'not in source' THEN patterns.pairs ELSE 0 END) AS BIGINT) AS unmapped
    FROM patterns
    INNER JOIN levels ON patterns.pattern = levels.pattern
    GROUP BY levels.field
)

SELECT
    field AS label,
    pairs,
    missing,
    unmapped
FROM counted
WHERE missing + unmapped > 0
ORDER BY missing + unmapped DESC, field
