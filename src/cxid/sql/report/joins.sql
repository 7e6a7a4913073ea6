-- grain: what became of scored pairs of records, and who decided
-- reads: match_pair, link_summary
-- writes: report_joins
WITH
sure AS (
    SELECT max(CAST(value AS BIGINT)) / 1000000.0 AS bits FROM link_summary WHERE name = 'sure_micro_bits'
),

pairs AS (SELECT decision, decided_by, weight FROM match_pair),

-- a decision of people leaves no doubt, and identical records none either: they weigh more than any cut
counted AS (
    SELECT
        pairs.decision,
        pairs.decided_by,
        CASE
            WHEN pairs.decided_by = 'decision' THEN 0
            WHEN pairs.decision = 'review' THEN 1
            WHEN pairs.decision = 'merged' AND pairs.weight < sure.bits THEN 1
            ELSE 0
        END AS is_doubtful
    FROM pairs
    CROSS JOIN sure
)

SELECT
    decision AS label,
    decided_by,
    count(*) AS pairs,
    CAST(sum(is_doubtful) AS BIGINT) AS doubtful
FROM counted
GROUP BY decision, decided_by
ORDER BY pairs DESC, decision, decided_by
