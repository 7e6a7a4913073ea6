-- grain: action with decisions that only one of the two runs obeyed; who, when and why do not count
-- reads: before_decision, after_decision
-- writes: diff_decision_change
WITH decisions AS (
    SELECT -1 AS side, action, source_a, record_key_a, source_b, record_key_b, field, value FROM before_decision
    UNION ALL
    SELECT 1 AS side, action, source_a, record_key_a, source_b, record_key_b, field, value FROM after_decision
),

balances AS (
    SELECT action, CAST(sum(side) AS BIGINT) AS balance
    FROM decisions
    GROUP BY action, source_a, record_key_a, source_b, record_key_b, field, value
    HAVING sum(side) <> 0
)

SELECT
    action,
    CAST(sum(CASE WHEN balance > 0 THEN balance ELSE 0 END) AS BIGINT) AS added,
    CAST(sum(CASE WHEN balance < 0 THEN -balance ELSE 0 END) AS BIGINT) AS removed
FROM balances
GROUP BY action
ORDER BY action
