-- grain: event that only devices speak for, with the device that decides
-- reads: stitch_event_use, stitch_event_person, stitch_device_customer
-- writes: stitch_event_device
WITH uses AS (
    SELECT * FROM stitch_event_use WHERE NOT is_personal
),

persons AS (
    SELECT event_no FROM stitch_event_person
),

devices AS (
    SELECT * FROM stitch_device_customer
),

-- a device with a login before one without; a session says more than a cookie, an address on the net says least
candidates AS (
    SELECT
        uses.event_no,
        min(
            CASE WHEN devices.has_login THEN 0 ELSE 4000000000000000 END
            + CASE
                WHEN uses.rank = $network THEN 2000000000000000
                WHEN devices.has_login = (uses.rank = $session) THEN 0
                ELSE 1000000000000000
            END
            + uses.identifier_no
        ) AS choice
    FROM uses
    INNER JOIN devices ON uses.identifier_no = devices.identifier_no
    LEFT JOIN persons ON uses.event_no = persons.event_no
    WHERE persons.event_no IS NULL
    GROUP BY uses.event_no
)

SELECT
    candidates.event_no,
    devices.identifier_no,
    devices.customer_no,
    devices.customers
FROM candidates
INNER JOIN devices ON candidates.choice % 1000000000000000 = devices.identifier_no
