-- grain: customer x family name that it bears in some record, whole or the first or last word of a double one
-- reads: household_named, household_owner
-- writes: household_name
WITH named AS (SELECT record_no, name FROM household_named),
owners AS (SELECT record_no, customer_no FROM household_owner),
whole AS (
    SELECT DISTINCT owners.customer_no, named.name
    FROM named
    JOIN owners ON owners.record_no = named.record_no
),
words AS (
    SELECT customer_no, regexp_extract(name, '^[^ ]+', 0) AS name FROM whole WHERE name LIKE '% %'
    UNION ALL
    SELECT customer_no, regexp_extract(name, '[^ ]+$', 0) AS name FROM whole WHERE name LIKE '% %'
)
SELECT customer_no, name FROM whole
UNION
SELECT customer_no, name FROM words WHERE length(name) >= 4
