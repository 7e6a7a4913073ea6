-- grain: customer that a record or an event speaks of
-- reads: record, golden_owner, event, event_customer, golden_number
-- writes: golden_seen
WITH records AS (SELECT record_no, source, updated_at FROM record),
record_owners AS (SELECT record_no, customer_no FROM golden_owner),
events AS (SELECT event_no, source, time FROM event),
numbers AS (SELECT customer_id, customer_no FROM golden_number),
event_owners AS (
    SELECT o.event_no, n.customer_no
    FROM event_customer AS o
    JOIN numbers AS n ON n.customer_id = o.customer_id
),
seen AS (
    SELECT o.customer_no, r.source, r.updated_at AS first_seen, r.updated_at AS last_seen
    FROM record_owners AS o
    JOIN records AS r ON r.record_no = o.record_no
    UNION ALL
    SELECT o.customer_no, e.source, min(e.time) AS first_seen, max(e.time) AS last_seen
    FROM event_owners AS o
    JOIN events AS e ON e.event_no = o.event_no
    GROUP BY o.customer_no, e.source
),
spans AS (
    SELECT
        customer_no,
        min(source) AS first_source,
        max(source) AS last_source,
        min(first_seen) AS first_seen,
        max(last_seen) AS last_seen
    FROM seen
    GROUP BY customer_no
),
-- lists are made for those alone who are known by several sources
several AS (
    SELECT
        seen.customer_no,
        count(DISTINCT seen.source) AS source_count,
        array_to_string(list_sort(list(DISTINCT seen.source)), ',') AS sources
    FROM seen
    JOIN spans ON spans.customer_no = seen.customer_no
    WHERE spans.first_source <> spans.last_source
    GROUP BY seen.customer_no
)
SELECT
    spans.customer_no,
    coalesce(several.source_count, 1) AS source_count,
    coalesce(several.sources, spans.first_source) AS sources,
    spans.first_seen,
    spans.last_seen
FROM spans
LEFT JOIN several ON several.customer_no = spans.customer_no
