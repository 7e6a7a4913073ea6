-- grain: blocking rule
-- reads: blocking_rule
-- writes: report_blocking
WITH
rules AS (SELECT * FROM blocking_rule)

SELECT
    rule AS label,
    pairs,
    matches,
    largest_block
FROM rules
ORDER BY rule_no
