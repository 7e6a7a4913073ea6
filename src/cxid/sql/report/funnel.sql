-- grain: step from rows to customers
-- reads: source_file, quarantine, record, event, customer, event_customer
-- writes: report_funnel
WITH
files AS (SELECT * FROM source_file),
rejects AS (SELECT DISTINCT source, file, line FROM quarantine),
records AS (SELECT record_no FROM record),
events AS (SELECT event_no FROM event),
customers AS (SELECT * FROM customer),
attached AS (SELECT * FROM event_customer),

step AS (
    SELECT 1 AS step_no, 'files' AS label, count(*) AS amount FROM files
    UNION ALL
    SELECT 2, 'rows', (SELECT coalesce(sum(accepted), 0) FROM files) + (SELECT count(*) FROM rejects)
    UNION ALL
    SELECT 3, 'quarantined', count(*) FROM rejects
    UNION ALL
    SELECT 4, 'accepted', coalesce(sum(accepted), 0) FROM files
    UNION ALL
    SELECT 5, 'people records', count(*) FROM records
    UNION ALL
    SELECT 6, 'customers with records', count(*) FROM customers WHERE record_count > 0
    UNION ALL
    SELECT 7, 'customers of two or more records', count(*) FROM customers WHERE record_count > 1
    UNION ALL
    SELECT 8, 'events', count(*) FROM events
    UNION ALL
    SELECT 9, 'events of a customer', count(*) FROM attached WHERE customer_id IS NOT NULL
    UNION ALL
    SELECT 10, 'known customers', count(*) FROM customers WHERE is_known
    UNION ALL
    SELECT 11, 'anonymous visitors', count(*) FROM customers WHERE NOT is_known
    UNION ALL
    SELECT 12, 'customers to review', count(*) FROM customers WHERE needs_review
)

SELECT label, CAST(amount AS BIGINT) AS amount
FROM step
ORDER BY step_no
