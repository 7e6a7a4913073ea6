-- grain: survey source with answers off its scale
-- reads: event, profile_meaning
-- writes: profile_off_scale
WITH surveys AS (
    SELECT source, type, score, score_worst, score_best FROM event WHERE kind = 'survey' AND score IS NOT NULL
),
meanings AS (SELECT raw, survey FROM profile_meaning),
scaled AS (
    SELECT
        surveys.source,
        surveys.score,
        coalesce(surveys.score_worst, CASE WHEN coalesce(meanings.survey, 'nps') = 'nps' THEN 0 ELSE 1 END) AS worst,
        coalesce(surveys.score_best, CASE WHEN coalesce(meanings.survey, 'nps') = 'nps' THEN 10 ELSE 5 END) AS best
    FROM surveys
    LEFT JOIN meanings ON meanings.raw = surveys.type
    WHERE coalesce(meanings.survey, 'nps') IN ('nps', 'csat')
)
SELECT
    source,
    sum(CASE WHEN score BETWEEN least(worst, best) AND greatest(worst, best) THEN 0 ELSE 1 END) AS off,
    count(*) AS answers,
    CAST(min(worst) AS VARCHAR) AS worst,
    CAST(max(best) AS VARCHAR) AS best
FROM scaled
GROUP BY source
ORDER BY source
