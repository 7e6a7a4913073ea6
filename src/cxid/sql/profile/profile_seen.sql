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
by_record AS (
    SELECT
        owners.customer_no,
        records.source,
        min(CASE WHEN records.updated_at <= moment.as_of THEN records.updated_at END) AS first_seen,
        max(CASE WHEN records.updated_at <= moment.as_of THEN records.updated_at END) AS last_seen
    FROM owners
    JOIN records ON records.record_no = owners.record_no
    CROSS JOIN moment
    GROUP BY owners.customer_no, records.source
),
by_event AS (
    SELECT customer_no, source, min(time) AS first_seen, max(time) AS last_seen FROM events GROUP BY customer_no, source
),
by_source AS (
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
FROM by_source
GROUP BY customer_no
