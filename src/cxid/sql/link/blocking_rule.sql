-- grain: blocking rule
-- reads: link_rule, link_candidate, link_score
-- writes: blocking_rule
WITH rule AS (SELECT * FROM link_rule),
candidate AS (SELECT * FROM link_candidate),
score AS (SELECT * FROM link_score),
combination AS (
    SELECT c.rules, count(*) AS pairs, count(*) FILTER (WHERE s.weight >= 0) AS matches
    FROM candidate AS c
    JOIN score AS s ON s.pattern = c.pattern
    GROUP BY c.rules
)
SELECT
    r.rule_no,
    r.rule,
    CAST(coalesce(sum(c.pairs), 0) AS BIGINT) AS pairs,
    r.largest_block,
    CAST(coalesce(sum(c.matches), 0) AS BIGINT) AS matches
FROM rule AS r
LEFT JOIN combination AS c ON (c.rules >> r.rule_no) & 1 = 1
GROUP BY r.rule_no, r.rule, r.largest_block
ORDER BY r.rule_no
