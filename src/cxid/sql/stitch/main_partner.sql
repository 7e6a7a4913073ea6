-- grain: identifier x the partner that it belongs with: its owner, or its like when each is the other's main one
-- reads: stitch_meeting, stitch_identifier, stitch_hub
-- writes: stitch_main_partner
WITH identifiers AS (
    SELECT * FROM stitch_identifier
),

hubs AS (
    SELECT * FROM stitch_hub
),

meetings AS (
    SELECT
        stitch_meeting.identifier_no,
        stitch_meeting.partner_no,
        stitch_meeting.events,
        identifiers.rank,
        identifiers.id_type,
        partners.rank AS partner_rank,
        partners.id_type AS partner_type
    FROM stitch_meeting
    INNER JOIN identifiers ON stitch_meeting.identifier_no = identifiers.identifier_no
    INNER JOIN identifiers AS partners ON stitch_meeting.partner_no = partners.identifier_no
    LEFT JOIN hubs ON stitch_meeting.identifier_no = hubs.identifier_no
    LEFT JOIN hubs AS partner_hubs ON stitch_meeting.partner_no = partner_hubs.identifier_no
    WHERE hubs.identifier_no IS NULL AND partner_hubs.identifier_no IS NULL
),

owners AS (
    SELECT
        identifier_no,
        partner_no,
        events,
        row_number() OVER (PARTITION BY identifier_no ORDER BY events DESC, partner_no) AS place
    FROM meetings
    WHERE partner_rank < rank
),

likes AS (
    SELECT
        identifier_no,
        partner_no,
        events,
        row_number() OVER (PARTITION BY identifier_no, partner_type ORDER BY events DESC, partner_no) AS place
    FROM meetings
    WHERE partner_rank = rank AND partner_type <> id_type
)

SELECT identifier_no, partner_no, events FROM owners WHERE place = 1
UNION ALL
SELECT likes.identifier_no, likes.partner_no, likes.events
FROM likes
INNER JOIN likes AS back ON likes.identifier_no = back.partner_no AND likes.partner_no = back.identifier_no
WHERE likes.place = 1 AND back.place = 1 AND likes.identifier_no < likes.partner_no
