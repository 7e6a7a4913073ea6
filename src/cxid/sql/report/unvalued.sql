-- grain: model of value that was not fitted, and why
-- reads: value_model
-- writes: report_unvalued
SELECT
    CASE model WHEN 'bg_nbd' THEN 'how often people buy' ELSE 'what they spend' END AS label,
    currency,
    note
FROM value_model
WHERE figure = 'fitted' AND value = 0
ORDER BY model, currency
LIMIT 20
