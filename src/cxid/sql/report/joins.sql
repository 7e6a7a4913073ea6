-- grain: what became of scored pairs of records, and who decided
-- reads: report_doubt
-- writes: report_joins
SELECT
    decision AS label,
    decided_by,
    CAST(sum(pairs) AS BIGINT) AS pairs,
    CAST(sum(is_doubtful * pairs) AS BIGINT) AS doubtful
FROM report_doubt
GROUP BY decision, decided_by
ORDER BY pairs DESC, decision, decided_by
