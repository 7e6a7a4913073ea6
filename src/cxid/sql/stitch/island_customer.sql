-- grain: island that belongs to a customer known by records
-- reads: stitch_island, stitch_anchor, stitch_main_partner, stitch_meeting, stitch_hub
-- writes: stitch_island_customer
WITH islands AS (
    SELECT * FROM stitch_island
),

anchors AS (
    SELECT * FROM stitch_anchor WHERE place = 1
),

meetings AS (
    SELECT stitch_meeting.*
    FROM stitch_meeting
    LEFT JOIN stitch_hub AS hubs ON stitch_meeting.partner_no = hubs.identifier_no
    WHERE hubs.identifier_no IS NULL
),

main_partners AS (
    SELECT identifier_no, partner_no, events FROM stitch_main_partner
    UNION ALL
    SELECT partner_no AS identifier_no, identifier_no AS partner_no, events FROM stitch_main_partner
),

-- first: a known identifier is the main partner of the island, or has its main partner in it
main_votes AS (
    SELECT
        islands.island,
        anchors.customer_no,
        sum(main_partners.events) AS events
    FROM islands
    INNER JOIN main_partners ON islands.identifier_no = main_partners.identifier_no
    INNER JOIN anchors ON main_partners.partner_no = anchors.identifier_no
    GROUP BY islands.island, anchors.customer_no
),

-- else: at least half of what the island meets is one known customer
votes AS (
    SELECT
        islands.island,
        anchors.customer_no,
        sum(meetings.events) AS events
    FROM islands
    INNER JOIN meetings ON islands.identifier_no = meetings.identifier_no
    INNER JOIN anchors ON meetings.partner_no = anchors.identifier_no
    GROUP BY islands.island, anchors.customer_no
),

-- a meeting inside the island stands twice in meetings
totals AS (
    SELECT
        islands.island,
        sum(CASE WHEN others.island IS NULL THEN 2 * meetings.events ELSE meetings.events END) AS half_events
    FROM islands
    INNER JOIN meetings ON islands.identifier_no = meetings.identifier_no
    LEFT JOIN islands AS others ON meetings.partner_no = others.identifier_no AND islands.island = others.island
    GROUP BY islands.island
),

claims AS (
    SELECT main_votes.island, main_votes.customer_no, 1 AS step, main_votes.events FROM main_votes
    UNION ALL
    SELECT votes.island, votes.customer_no, 2 AS step, votes.events
    FROM votes
    INNER JOIN totals ON votes.island = totals.island
    WHERE votes.events * 4 >= totals.half_events
),

ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY island ORDER BY step, events DESC, customer_no) AS place,
        sum(events) OVER (PARTITION BY island, step) AS claimed
    FROM claims
)

SELECT
    island,
    customer_no,
    CAST(floor(events * 1000000 / claimed) AS INTEGER) AS probability
FROM ranked
WHERE place = 1
