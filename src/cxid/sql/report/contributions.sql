-- grain: source that knows customers
-- reads: record, record_customer, event, event_customer, customer, golden_provenance
-- writes: report_contributions
WITH
records AS (SELECT record_no, source FROM record),
record_owners AS (SELECT record_no, customer_id FROM record_customer),
events AS (SELECT event_no, source FROM event),
event_owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),
customers AS (SELECT customer_id, is_known FROM customer),
chosen AS (SELECT source, count(*) AS golden_values FROM golden_provenance GROUP BY source),

rows_of AS (
    SELECT source, count(*) AS given_records, 0 AS given_events FROM records GROUP BY source
    UNION ALL
    SELECT source, 0 AS given_records, count(*) AS given_events FROM events GROUP BY source
),

given AS (
    SELECT source, CAST(sum(given_records) AS BIGINT) AS records, CAST(sum(given_events) AS BIGINT) AS events
    FROM rows_of
    GROUP BY source
),

presence AS (
    SELECT o.customer_id, r.source
    FROM records AS r INNER JOIN record_owners AS o ON r.record_no = o.record_no
    UNION
    SELECT o.customer_id, e.source
    FROM events AS e INNER JOIN event_owners AS o ON e.event_no = o.event_no
),

alone AS (SELECT customer_id FROM presence GROUP BY customer_id HAVING count(*) = 1),

known AS (
    SELECT
        presence.source,
        count(*) AS customers,
        count(alone.customer_id) AS only_here,
        count(CASE WHEN customers.is_known THEN alone.customer_id END) AS known_only_here
    FROM presence
    INNER JOIN customers ON presence.customer_id = customers.customer_id
    LEFT JOIN alone ON presence.customer_id = alone.customer_id
    GROUP BY presence.source
)

SELECT
    given.source AS label,
    given.records,
    given.events,
    coalesce(known.customers, 0) AS customers,
    coalesce(known.only_here, 0) AS only_here,
    coalesce(known.known_only_here, 0) AS known_only_here,
    coalesce(chosen.golden_values, 0) AS golden_values
FROM given
LEFT JOIN known ON given.source = known.source
LEFT JOIN chosen ON given.source = chosen.source
ORDER BY given.source
