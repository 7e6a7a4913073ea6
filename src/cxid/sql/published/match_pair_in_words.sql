-- grain: scored pair above the floor
-- reads: match_pair, match_level, blocking_rule
-- writes: match_pair_in_words
WITH pairs AS (
    SELECT * FROM match_pair
),

levels AS (
    SELECT
        pattern,
        array_to_string(
            list_sort(list(concat(field, '=', level, ' (', CAST(CAST(weight AS DECIMAL(18, 1)) AS VARCHAR), ')'))), '; '
        ) AS levels
    FROM match_level
    GROUP BY pattern
),

combinations AS (
    SELECT DISTINCT rules FROM match_pair
),

rules AS (
    SELECT
        combinations.rules,
        array_to_string(list_sort(list(blocking_rule.rule)), '; ') AS rules_in_words
    FROM combinations
    INNER JOIN blocking_rule
        ON contains(concat(' ', combinations.rules, ' '), concat(' ', CAST(blocking_rule.rule_no AS VARCHAR), ' '))
    GROUP BY combinations.rules
)

SELECT
    pairs.source_a,
    pairs.record_key_a,
    pairs.source_b,
    pairs.record_key_b,
    coalesce(rules.rules_in_words, pairs.rules) AS rules,
    coalesce(levels.levels, '') AS levels,
    pairs.weight,
    pairs.rivals,
    pairs.probability,
    pairs.decision,
    pairs.decided_by
FROM pairs
LEFT JOIN rules ON pairs.rules = rules.rules
LEFT JOIN levels ON pairs.pattern = levels.pattern
