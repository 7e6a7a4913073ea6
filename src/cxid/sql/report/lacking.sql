-- grain: compared field that pairs in doubt have no value for on one side or both
-- reads: match_pair, match_level, link_summary
-- writes: report_lacking
WITH
sure AS (
    SELECT max(CAST(value AS BIGINT)) / 1000000.0 AS bits FROM link_summary WHERE name = 'sure_micro_bits'
),

doubtful AS (
    SELECT match_pair.pattern
    FROM match_pair
    CROSS JOIN sure
    WHERE match_pair.decided_by <> 'decision'
        AND (match_pair.decision = 'review' OR (match_pair.decision = 'merged' AND match_pair.weight < sure.bits))
),

patterns AS (SELECT pattern, count(*) AS pairs FROM doubtful GROUP BY pattern),

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
