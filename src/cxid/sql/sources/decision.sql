-- grain: row of decisions.csv
-- reads: src_decision, record
-- writes: decision
WITH
decided AS (SELECT * FROM src_decision),
numbered AS (SELECT source, record_key, record_no FROM record)
SELECT
    decided.line,
    decided.action,
    decided.source_a,
    decided.record_key_a,
    numbered_a.record_no AS record_no_a,
    decided.source_b,
    decided.record_key_b,
    numbered_b.record_no AS record_no_b,
    decided.field,
    decided.value,
    decided.who,
    decided.decided_at,
    decided.reason
FROM decided
LEFT JOIN numbered AS numbered_a
    ON decided.source_a = numbered_a.source AND decided.record_key_a = numbered_a.record_key
LEFT JOIN numbered AS numbered_b
    ON decided.source_b = numbered_b.source AND decided.record_key_b = numbered_b.record_key
