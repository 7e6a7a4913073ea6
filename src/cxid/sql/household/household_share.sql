-- grain: area (a postcode, a town, all) x family name, with how many of its customers bear it
-- reads: household_place, household_name
-- writes: household_share
WITH places AS (SELECT customer_no, postcode, city FROM household_place),
names AS (SELECT customer_no, name FROM household_name),
areas AS (
    SELECT customer_no, 'p' || postcode AS area FROM places WHERE postcode IS NOT NULL
    UNION ALL
    SELECT customer_no, 'c' || city AS area FROM places WHERE city IS NOT NULL
    UNION ALL
    SELECT customer_no, '' AS area FROM places
),
sizes AS (SELECT area, count(*) AS people FROM areas GROUP BY area),
bearers AS (
    SELECT areas.area, names.name, count(*) AS bearers
    FROM areas
    JOIN names ON names.customer_no = areas.customer_no
    GROUP BY areas.area, names.name
)
SELECT bearers.area, bearers.name, bearers.bearers, sizes.people
FROM bearers
JOIN sizes ON sizes.area = bearers.area
