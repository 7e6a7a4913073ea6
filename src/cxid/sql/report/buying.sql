-- grain: number of repeat purchases, how many customers made as many and how many the fitted model expects
-- reads: value_model
-- writes: report_buying
SELECT
    replace(replace(figure, 'repeats_', ''), '_or_more', '+') AS label,
    CAST(value AS BIGINT) AS customers,
    CAST(round(expected, 0) AS BIGINT) AS expected
FROM value_model
WHERE model = 'bg_nbd' AND substr(figure, 1, 8) = 'repeats_'
ORDER BY figure
