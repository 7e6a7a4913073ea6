-- grain: ordered pair of devices seen in one event, one of them or both without a login
-- reads: stitch_device_use
-- writes: stitch_meeting
WITH uses AS (
    SELECT * FROM stitch_device_use
),

strangers AS (
    SELECT event_no, identifier_no FROM uses WHERE NOT has_login
),

pairs AS (
    SELECT
        strangers.identifier_no,
        uses.identifier_no AS partner_no,
        uses.has_login,
        count(*) AS events
    FROM strangers
    INNER JOIN uses ON strangers.event_no = uses.event_no AND strangers.identifier_no <> uses.identifier_no
    GROUP BY strangers.identifier_no, uses.identifier_no, uses.has_login
)

SELECT identifier_no, partner_no, events FROM pairs
UNION ALL
SELECT partner_no AS identifier_no, identifier_no AS partner_no, events FROM pairs WHERE has_login
