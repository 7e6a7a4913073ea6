-- grain: pair of sources, a source with itself included
-- reads: record, record_customer, event, event_customer
-- writes: report_overlap
WITH
records AS (SELECT record_no, source FROM record),
record_owners AS (SELECT record_no, customer_id FROM record_customer),
events AS (SELECT event_no, source FROM event),
event_owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),

presence AS (
    SELECT o.customer_id, r.source
    FROM records AS r INNER JOIN record_owners AS o ON r.record_no = o.record_no
    UNION
    SELECT o.customer_id, e.source
    FROM events AS e INNER JOIN event_owners AS o ON e.event_no = o.event_no
)

SELECT
    a.source AS label,
    b.source AS other,
    count(*) AS customers
FROM presence AS a
INNER JOIN presence AS b ON a.customer_id = b.customer_id AND a.source <= b.source
GROUP BY a.source, b.source
ORDER BY a.source, b.source
