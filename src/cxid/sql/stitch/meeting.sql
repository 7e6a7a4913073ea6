-- grain: ordered pair of personal identifiers seen in one event
-- reads: stitch_event_use
-- writes: stitch_meeting
WITH uses AS (
    SELECT * FROM stitch_event_use
),

pairs AS (
    SELECT
        uses.identifier_no AS a,
        others.identifier_no AS b,
        count(*) AS events
    FROM uses
    INNER JOIN uses AS others
        ON uses.event_no = others.event_no AND uses.identifier_no < others.identifier_no
    WHERE uses.is_personal AND others.is_personal
    GROUP BY uses.identifier_no, others.identifier_no
)

SELECT a AS identifier_no, b AS partner_no, events FROM pairs
UNION ALL
SELECT b AS identifier_no, a AS partner_no, events FROM pairs
