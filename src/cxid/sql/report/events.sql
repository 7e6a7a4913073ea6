-- grain: source of events
-- reads: event, event_customer, customer
-- writes: report_events
WITH
events AS (SELECT event_no, source, kind, channel FROM event),
owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),
customers AS (SELECT customer_id, is_known FROM customer)

SELECT
    e.source AS label,
    min(e.kind) AS kind,
    count(*) AS events,
    count(o.customer_id) AS of_a_customer,
    coalesce(sum(CASE WHEN c.is_known THEN 1 ELSE 0 END), 0) AS of_a_known_customer,
    count(DISTINCT o.customer_id) AS customers
FROM events AS e
LEFT JOIN owners AS o ON e.event_no = o.event_no
LEFT JOIN customers AS c ON o.customer_id = c.customer_id
GROUP BY e.source
ORDER BY e.source
