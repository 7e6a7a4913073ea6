-- grain: kind of identifier and reason why values of it name nobody
-- reads: hub_identifier
-- writes: report_hubs
WITH
hubs AS (SELECT * FROM hub_identifier)

SELECT
    id_type AS label,
    reason,
    count(*) AS identifiers,
    max(people) AS most_people
FROM hubs
GROUP BY id_type, reason
ORDER BY id_type, reason
