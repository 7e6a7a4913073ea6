-- grain: customer that a record or an event speaks of
-- reads: record, record_customer, event, event_customer, golden_number
-- writes: golden_seen
WITH records AS (SELECT record_no, source, updated_at FROM record),
record_owners AS (SELECT record_no, customer_id FROM record_customer),
events AS (SELECT event_no, source, time FROM event),
event_owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),
numbers AS (SELECT customer_id, customer_no FROM golden_number),
by_record AS (
    SELECT o.customer_id, r.source, min(r.updated_at) AS first_seen, max(r.updated_at) AS last_seen
    FROM record_owners AS o
    JOIN records AS r ON r.record_no = o.record_no
    GROUP BY o.customer_id, r.source
),
by_event AS (
    SELECT o.customer_id, e.source, min(e.time) AS first_seen, max(e.time) AS last_seen
    FROM event_owners AS o
    JOIN events AS e ON e.event_no = o.event_no
    GROUP BY o.customer_id, e.source
),
seen AS (
    SELECT customer_id, source, first_seen, last_seen FROM by_record
    UNION ALL
    SELECT customer_id, source, first_seen, last_seen FROM by_event
)
SELECT
    numbers.customer_no,
    count(DISTINCT seen.source) AS source_count,
    array_to_string(list_sort(list(DISTINCT seen.source)), ',') AS sources,
    min(seen.first_seen) AS first_seen,
    max(seen.last_seen) AS last_seen
FROM seen
JOIN numbers ON numbers.customer_id = seen.customer_id
GROUP BY numbers.customer_no
