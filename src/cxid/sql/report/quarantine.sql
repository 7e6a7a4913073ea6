-- grain: source, file, reason and field of rejected rows, the most frequent 50
-- reads: quarantine
-- writes: report_quarantine
WITH
rejects AS (SELECT * FROM quarantine)

SELECT
    source AS label,
    file,
    reason,
    field,
    count(*) AS amount,
    min(line) AS first_line
FROM rejects
GROUP BY source, file, reason, field
ORDER BY amount DESC, label, file, reason, field
LIMIT 50
