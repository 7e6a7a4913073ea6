-- grain: customer seen by as_of
-- reads: record, record_customer, profile_number, profile_event, profile_moment
-- writes: profile_seen
WITH records AS (SELECT record_no, source, updated_at FROM record),
owners AS (
    SELECT record_customer.record_no, profile_number.customer_no
    FROM record_customer
    JOIN profile_number ON profile_number.customer_id = record_customer.customer_id
),
events AS (SELECT customer_no, source, time FROM profile_event),
moment AS (SELECT as_of FROM profile_moment),
seen AS (
    SELECT
        owners.customer_no,
        records.source,
        CASE WHEN records.updated_at <= moment.as_of THEN records.updated_at END AS first_seen,
        CASE WHEN records.updated_at <= moment.as_of THEN records.updated_at END AS last_seen
    FROM owners
    JOIN records ON records.record_no = owners.record_no
    CROSS JOIN moment
    UNION ALL
    SELECT customer_no, source, min(time) AS first_seen, max(time) AS last_seen FROM events GROUP BY customer_no, source
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
