-- grain: source of people or of events in either run
-- reads: before_record, after_record, before_event, after_event
-- writes: diff_source_kind
WITH kinds AS (
    SELECT DISTINCT source, 'people' AS kind FROM before_record
    UNION
    SELECT DISTINCT source, 'people' AS kind FROM after_record
    UNION
    SELECT DISTINCT source, 'events' AS kind FROM before_event
    UNION
    SELECT DISTINCT source, 'events' AS kind FROM after_event
)

SELECT source, min(kind) AS kind
FROM kinds
GROUP BY source
