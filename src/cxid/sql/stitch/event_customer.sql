-- grain: event
-- reads: event, stitch_event_owner, stitch_identifier, stitch_customer_id
-- writes: event_customer
WITH events AS (
    SELECT event_no FROM event
),

owners AS (
    SELECT * FROM stitch_event_owner
),

identifiers AS (
    SELECT * FROM stitch_identifier
),

customer_ids AS (
    SELECT * FROM stitch_customer_id
)

SELECT
    events.event_no,
    customer_ids.customer_id,
    identifiers.id_type
FROM events
LEFT JOIN owners ON events.event_no = owners.event_no
LEFT JOIN identifiers ON owners.identifier_no = identifiers.identifier_no
LEFT JOIN customer_ids ON owners.customer_no = customer_ids.customer_no
