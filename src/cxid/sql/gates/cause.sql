-- grain: cause of changes of identity in this run, the most frequent first
-- reads: gate_event
-- writes: gate_cause
WITH
events AS (
    SELECT cause FROM gate_event WHERE run_id = $run_id AND event IN ('absorbed', 'split')
)

SELECT
    cause,
    count(*) AS changes
FROM events
GROUP BY cause
ORDER BY changes DESC, cause
