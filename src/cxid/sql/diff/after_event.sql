-- grain: event of the run after whose owner under the identity of the run before has to be looked for
-- reads: diff_touched, diff_ownerless, after_event, after_event_customer, after_event_identifier
-- writes: diff_after_event
WITH owners AS (
    SELECT event_no, customer_id, id_type FROM after_event_customer
),

wanted AS (
    SELECT owners.event_no
    FROM owners
    INNER JOIN diff_touched AS touched ON owners.customer_id = touched.after_id
    UNION
    SELECT identifiers.event_no
    FROM after_event_identifier AS identifiers
    INNER JOIN diff_ownerless AS ownerless
        ON identifiers.id_type = ownerless.id_type AND identifiers.id_value = ownerless.id_value
),

faces AS (
    SELECT
        identifiers.event_no,
        count(*) AS ids,
        min(concat(identifiers.id_type, chr(31), identifiers.id_value)) AS first_id,
        max(concat(identifiers.id_type, chr(31), identifiers.id_value)) AS last_id
    FROM after_event_identifier AS identifiers
    INNER JOIN wanted ON identifiers.event_no = wanted.event_no
    GROUP BY identifiers.event_no
)

SELECT
    faces.event_no,
    events.source,
    events.time,
    faces.ids,
    faces.first_id,
    faces.last_id,
    owners.customer_id,
    owners.id_type
FROM faces
INNER JOIN after_event AS events ON faces.event_no = events.event_no
INNER JOIN owners ON faces.event_no = owners.event_no
