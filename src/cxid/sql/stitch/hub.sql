-- grain: identifier that names nobody
-- reads: stitch_record_hub, stitch_event_hub
-- writes: stitch_hub
WITH found AS (
    SELECT identifier_no, people FROM stitch_record_hub
    UNION ALL
    SELECT identifier_no, people FROM stitch_event_hub
)

SELECT
    identifier_no,
    max(people) AS people
FROM found
GROUP BY identifier_no
