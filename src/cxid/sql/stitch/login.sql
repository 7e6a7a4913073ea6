-- grain: device x customer who used it, by events or by a record that carries it
-- reads: stitch_event_use, stitch_event_person, event, stitch_anchor, stitch_identifier
-- writes: stitch_login
WITH uses AS (
    SELECT event_no, identifier_no FROM stitch_event_use WHERE NOT is_personal
),

persons AS (
    SELECT * FROM stitch_event_person
),

events AS (
    SELECT event_no, time FROM event
),

anchors AS (
    SELECT stitch_anchor.*
    FROM stitch_anchor
    INNER JOIN stitch_identifier AS identifiers
        ON stitch_anchor.identifier_no = identifiers.identifier_no AND NOT identifiers.is_personal
),

seen AS (
    SELECT
        uses.identifier_no,
        persons.customer_no,
        count(*) AS events,
        max(events.time) AS last_time
    FROM uses
    INNER JOIN persons ON uses.event_no = persons.event_no
    INNER JOIN events ON uses.event_no = events.event_no
    GROUP BY uses.identifier_no, persons.customer_no
    UNION ALL
    SELECT
        identifier_no,
        customer_no,
        records AS events,
        CAST(NULL AS TIMESTAMP) AS last_time
    FROM anchors
),

added AS (
    SELECT
        identifier_no,
        customer_no,
        sum(events) AS events,
        max(last_time) AS last_time
    FROM seen
    GROUP BY identifier_no, customer_no
)

SELECT
    identifier_no,
    customer_no,
    count(*) OVER (PARTITION BY identifier_no) AS customers,
    CAST(floor(events * 1000000 / sum(events) OVER (PARTITION BY identifier_no)) AS INTEGER) AS probability,
    row_number() OVER (
        PARTITION BY identifier_no ORDER BY events DESC, last_time DESC NULLS LAST, customer_no
    ) AS place
FROM added
