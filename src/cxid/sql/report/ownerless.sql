-- grain: source of events with a reason why some of them belong to no customer
-- reads: event, event_id, event_identifier, event_customer, hub_identifier
-- writes: report_ownerless
WITH
lost AS (
    SELECT event.event_no, event.source
    FROM event
    INNER JOIN event_customer ON event.event_no = event_customer.event_no
    WHERE event_customer.customer_id IS NULL
),

hubs AS (SELECT id_type, id_value FROM hub_identifier),

written AS (SELECT DISTINCT event_id.event_no FROM event_id INNER JOIN lost ON event_id.event_no = lost.event_no),

usable AS (
    SELECT
        event_identifier.event_no,
        count(*) AS identifiers,
        count(hubs.id_value) AS hubs
    FROM event_identifier
    INNER JOIN lost ON event_identifier.event_no = lost.event_no
    LEFT JOIN hubs ON event_identifier.id_type = hubs.id_type AND event_identifier.id_value = hubs.id_value
    GROUP BY event_identifier.event_no
),

reasoned AS (
    SELECT
        lost.source,
        CASE
            WHEN written.event_no IS NULL AND usable.event_no IS NULL THEN 'no_identifier'
            WHEN usable.event_no IS NULL THEN 'unusable'
            WHEN usable.identifiers = usable.hubs THEN 'names_nobody'
            ELSE 'undecided'
        END AS reason
    FROM lost
    LEFT JOIN written ON lost.event_no = written.event_no
    LEFT JOIN usable ON lost.event_no = usable.event_no
)

SELECT
    source AS label,
    reason,
    count(*) AS events
FROM reasoned
GROUP BY source, reason
ORDER BY events DESC, source, reason
