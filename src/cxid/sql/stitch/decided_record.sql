-- grain: record that a link or unlink names which only one of the two runs has
-- reads: decision, previous_decision
-- writes: stitch_decided_record
WITH present AS (
    SELECT DISTINCT
        action,
        least(concat(source_a, chr(31), record_key_a), concat(source_b, chr(31), record_key_b)) AS low,
        greatest(concat(source_a, chr(31), record_key_a), concat(source_b, chr(31), record_key_b)) AS high
    FROM decision
    WHERE action <> 'pin'
),

earlier AS (
    SELECT DISTINCT
        action,
        least(concat(source_a, chr(31), record_key_a), concat(source_b, chr(31), record_key_b)) AS low,
        greatest(concat(source_a, chr(31), record_key_a), concat(source_b, chr(31), record_key_b)) AS high
    FROM previous_decision
    WHERE action <> 'pin'
),

both_runs AS (
    SELECT action, low, high FROM present
    UNION ALL
    SELECT action, low, high FROM earlier
),

changed AS (
    SELECT action, low, high FROM both_runs GROUP BY action, low, high HAVING count(*) = 1
)

SELECT low AS record FROM changed
UNION
SELECT high AS record FROM changed
