-- grain: event that some identifier assigns
-- reads: stitch_event_person, stitch_event_device, stitch_event_nearest
-- writes: stitch_event_owner
WITH persons AS (
    SELECT * FROM stitch_event_person
),

devices AS (
    SELECT * FROM stitch_event_device WHERE customers = 1
),

nearest AS (
    SELECT * FROM stitch_event_nearest
)

SELECT event_no, customer_no, identifier_no FROM persons
UNION ALL
SELECT event_no, customer_no, identifier_no FROM devices
UNION ALL
SELECT event_no, customer_no, identifier_no FROM nearest
