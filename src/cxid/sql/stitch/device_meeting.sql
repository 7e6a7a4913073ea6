-- grain: ordered pair of devices seen in one event, one of them or both without a login
-- reads: stitch_event_use, stitch_login, stitch_hub
-- writes: stitch_meeting
WITH uses AS (
    SELECT stitch_event_use.*
    FROM stitch_event_use
    LEFT JOIN stitch_hub AS hubs ON stitch_event_use.identifier_no = hubs.identifier_no
    WHERE NOT stitch_event_use.is_personal AND hubs.identifier_no IS NULL
),

logins AS (
    SELECT identifier_no FROM stitch_login WHERE place = 1
)

SELECT
    uses.identifier_no,
    others.identifier_no AS partner_no,
    count(*) AS events
FROM uses
INNER JOIN uses AS others ON uses.event_no = others.event_no AND uses.identifier_no <> others.identifier_no
LEFT JOIN logins ON uses.identifier_no = logins.identifier_no
LEFT JOIN logins AS other_logins ON others.identifier_no = other_logins.identifier_no
WHERE logins.identifier_no IS NULL OR other_logins.identifier_no IS NULL
GROUP BY uses.identifier_no, others.identifier_no
