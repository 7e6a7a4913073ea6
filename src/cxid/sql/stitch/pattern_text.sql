-- grain: agreement pattern, in words
-- reads: link_pattern
-- writes: stitch_pattern_text
WITH levels AS (
    SELECT * FROM link_pattern
)

SELECT
    pattern,
    array_to_string(
        list_sort(list(concat(field, '=', level, ' (', CAST(CAST(CAST(weight AS DECIMAL(18, 0)) / 1000000 AS DECIMAL(9, 1)) AS VARCHAR), ')'))),
        '; '
    ) AS pattern_text
FROM levels
GROUP BY pattern
