-- grain: combination of blocking rules, as the list of their numbers
-- reads: link_pair, blocking_rule
-- writes: stitch_rule_text
WITH combinations AS (
    SELECT DISTINCT rules FROM link_pair
),

rules AS (
    SELECT * FROM blocking_rule
)

SELECT
    combinations.rules,
    CASE
        WHEN combinations.rules = 0 THEN 'identical'
        ELSE coalesce(array_to_string(CAST(list_sort(list(rules.rule_no)) AS VARCHAR []), ' '), '')
    END AS rule_text
FROM combinations
LEFT JOIN rules ON CAST(floor(combinations.rules / power(2, rules.rule_no)) AS BIGINT) % 2 = 1
GROUP BY combinations.rules
