-- grain: device of an event, hubs left out
-- reads: stitch_event_use, stitch_login, stitch_hub
-- writes: stitch_device_use
WITH uses AS (
    SELECT event_no, identifier_no FROM stitch_event_use WHERE NOT is_personal
),

logins AS (
    SELECT identifier_no FROM stitch_login WHERE place = 1
),

hubs AS (
    SELECT identifier_no FROM stitch_hub
)

SELECT
    uses.event_no,
    uses.identifier_no,
    logins.identifier_no IS NOT NULL AS has_login
FROM uses
LEFT JOIN logins ON uses.identifier_no = logins.identifier_no
LEFT JOIN hubs ON uses.identifier_no = hubs.identifier_no
WHERE hubs.identifier_no IS NULL
