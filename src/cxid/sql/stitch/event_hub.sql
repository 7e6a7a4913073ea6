-- grain: personal identifier that events show with too many different people
-- reads: stitch_meeting, stitch_identifier, stitch_anchor, stitch_record_hub
-- writes: stitch_event_hub
WITH meetings AS (
    SELECT * FROM stitch_meeting
),

identifiers AS (
    SELECT * FROM stitch_identifier
),

anchors AS (
    SELECT * FROM stitch_anchor WHERE place = 1
),

hubs AS (
    SELECT * FROM stitch_record_hub
),

-- partners that records name count as their customers
named AS (
    SELECT
        meetings.identifier_no,
        count(DISTINCT anchors.customer_no) AS people
    FROM meetings
    INNER JOIN anchors ON meetings.partner_no = anchors.identifier_no
    GROUP BY meetings.identifier_no
),

-- partners that nobody knows count by kind; of the kinds that a person may own several of, three are one person
unnamed AS (
    SELECT
        meetings.identifier_no,
        partners.id_type,
        CASE
            WHEN min(partners.rank) > min(identifiers.rank)
            THEN CAST(floor((count(*) + $owned - 1) / $owned) AS BIGINT)
            ELSE count(*)
        END AS people
    FROM meetings
    INNER JOIN identifiers ON meetings.identifier_no = identifiers.identifier_no
    INNER JOIN identifiers AS partners ON meetings.partner_no = partners.identifier_no
    LEFT JOIN anchors ON meetings.partner_no = anchors.identifier_no
    LEFT JOIN hubs ON meetings.partner_no = hubs.identifier_no
    WHERE anchors.identifier_no IS NULL AND hubs.identifier_no IS NULL
    GROUP BY meetings.identifier_no, partners.id_type
),

counted AS (
    SELECT identifier_no, people FROM named
    UNION ALL
    SELECT identifier_no, people FROM unnamed
)

SELECT
    identifier_no,
    max(people) AS people
FROM counted
GROUP BY identifier_no
HAVING max(people) > $hub_limit
