-- grain: guard and what it looked at
-- reads: refused_merge
-- writes: report_guards
WITH
refused AS (SELECT * FROM refused_merge)

SELECT
    guard AS label,
    detail,
    count(*) AS refused
FROM refused
GROUP BY guard, detail
ORDER BY refused DESC, label, detail
LIMIT 50
