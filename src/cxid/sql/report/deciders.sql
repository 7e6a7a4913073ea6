-- grain: kind of identifier that brought events to their customer
-- reads: event_customer
-- writes: report_deciders
WITH
owners AS (SELECT id_type FROM event_customer WHERE customer_id IS NOT NULL)

SELECT
    coalesce(id_type, '') AS label,
    count(*) AS events
FROM owners
GROUP BY coalesce(id_type, '')
ORDER BY events DESC, label
