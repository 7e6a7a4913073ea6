-- grain: event on a device that several people use: the last one who logged in before, else the first one after
-- reads: stitch_event_device, stitch_event_use, stitch_event_person, event
-- writes: stitch_event_nearest
WITH shared_events AS (
    SELECT * FROM stitch_event_device WHERE customers > 1
),

shared_devices AS (
    SELECT DISTINCT identifier_no FROM shared_events
),

events AS (
    SELECT event_no, time FROM event
),

moments AS (
    SELECT
        shared_events.identifier_no,
        shared_events.event_no,
        events.time,
        CAST(NULL AS BIGINT) AS login_no
    FROM shared_events
    INNER JOIN events ON shared_events.event_no = events.event_no
    UNION ALL
    SELECT
        uses.identifier_no,
        CAST(NULL AS BIGINT) AS event_no,
        events.time,
        persons.customer_no AS login_no
    FROM stitch_event_use AS uses
    INNER JOIN shared_devices ON uses.identifier_no = shared_devices.identifier_no
    INNER JOIN stitch_event_person AS persons ON uses.event_no = persons.event_no
    INNER JOIN events ON uses.event_no = events.event_no
),

-- at one moment logins come first, of several the smallest number last, so that it is the nearest
nearest AS (
    SELECT
        event_no,
        identifier_no,
        last_value(login_no IGNORE NULLS) OVER (
            PARTITION BY identifier_no
            ORDER BY time NULLS LAST, login_no DESC NULLS LAST, event_no
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS login_before,
        last_value(login_no IGNORE NULLS) OVER (
            PARTITION BY identifier_no
            ORDER BY time DESC NULLS FIRST, login_no DESC NULLS LAST, event_no
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS login_after
    FROM moments
)

SELECT
    nearest.event_no,
    nearest.identifier_no,
    coalesce(nearest.login_before, nearest.login_after, shared_events.customer_no) AS customer_no
FROM nearest
INNER JOIN shared_events ON nearest.event_no = shared_events.event_no
