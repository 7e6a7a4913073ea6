-- grain: customer that a record or an event speaks of
-- reads: record, record_customer, event, event_customer, golden_number
-- writes: golden_seen
WITH records AS (SELECT record_no, source, updated_at FROM record),
events AS (SELECT event_no, source, time FROM event),
numbers AS (SELECT customer_id, customer_no FROM golden_number),
record_owners AS (
    SELECT o.record_no, n.customer_no
    FROM record_customer AS o
    JOIN numbers AS n ON n.customer_id = o.customer_id
),
event_owners AS (
    SELECT o.event_no, n.customer_no
    FROM event_customer AS o
    JOIN numbers AS n ON n.customer_id = o.customer_id
),
by_record AS (
    SELECT o.customer_no, r.source, min(r.updated_at) AS first_seen, max(r.updated_at) AS last_seen
    FROM record_owners AS o
    JOIN records AS r ON r.record_no = o.record_no
    GROUP BY o.customer_no, r.source
),
by_event AS (
    SELECT o.customer_no, e.source, min(e.time) AS first_seen, max(e.time) AS last_seen
    FROM event_owners AS o
    JOIN events AS e ON e.event_no = o.event_no
    GROUP BY o.customer_no, e.source
),
seen AS (
    SELECT customer_no, source, first_seen, last_seen FROM by_record
    UNION ALL
    SELECT customer_no, source, first_seen, last_seen FROM by_event
)
SELECT
    customer_no,
    count(DISTINCT source) AS source_count,
    array_to_string(list_sort(list(DISTINCT source)), ',') AS sources,
    min(first_seen) AS first_seen,
    max(last_seen) AS last_seen
FROM seen
GROUP BY customer_no
