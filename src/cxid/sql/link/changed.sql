-- grain: one row
-- reads: record, kept_record, decision, kept_decision
-- writes: link_changed
WITH now AS (SELECT source, record_key, row_digest FROM record),
past AS (SELECT source, record_key, row_digest FROM kept_record),
moved AS (
    SELECT count(*) AS records
    FROM now
    FULL OUTER JOIN past ON past.source = now.source AND past.record_key = now.record_key
    WHERE now.row_digest IS DISTINCT FROM past.row_digest
),
every AS (
    SELECT action, source_a, record_key_a, source_b, record_key_b, 1 AS is_now FROM decision
    UNION ALL
    SELECT action, source_a, record_key_a, source_b, record_key_b, 0 AS is_now FROM kept_decision
),
stood AS (
    SELECT min(is_now) AS low, max(is_now) AS high
    FROM every
    WHERE action IN ('link', 'unlink')
    GROUP BY action, source_a, record_key_a, source_b, record_key_b
),
redecided AS (SELECT count(*) AS decisions FROM stood WHERE low = high)
SELECT moved.records, redecided.decisions
FROM moved
CROSS JOIN redecided
