-- grain: event of the run before that may show whose an event of the run after was; events of one moment and the same identifiers are alike
-- reads: diff_touched, diff_overlap, diff_ownerless, before_event, before_event_customer, before_event_identifier
-- writes: diff_before_event
WITH shared AS (
    SELECT DISTINCT lapping.before_id
    FROM diff_overlap AS lapping
    INNER JOIN diff_touched AS touched ON lapping.after_id = touched.after_id
    WHERE lapping.before_id IS NOT NULL
),

owners AS (
    SELECT event_no, customer_id FROM before_event_customer
),

wanted AS (
    SELECT owners.event_no
    FROM owners
    INNER JOIN shared ON owners.customer_id = shared.before_id
    UNION
    SELECT identifiers.event_no
    FROM before_event_identifier AS identifiers
    INNER JOIN diff_ownerless AS ownerless
        ON identifiers.id_type = ownerless.id_type AND identifiers.id_value = ownerless.id_value
),

faces AS (
    SELECT
        identifiers.event_no,
        count(*) AS ids,
        min(concat(identifiers.id_type, chr(31), identifiers.id_value)) AS first_id,
        max(concat(identifiers.id_type, chr(31), identifiers.id_value)) AS last_id
    FROM before_event_identifier AS identifiers
    INNER JOIN wanted ON identifiers.event_no = wanted.event_no
    GROUP BY identifiers.event_no
)

SELECT
    events.source,
    events.time,
    faces.ids,
    faces.first_id,
    faces.last_id,
    min(owners.customer_id) AS customer_id
FROM faces
INNER JOIN before_event AS events ON faces.event_no = events.event_no
INNER JOIN owners ON faces.event_no = owners.event_no
GROUP BY events.source, events.time, faces.ids, faces.first_id, faces.last_id
