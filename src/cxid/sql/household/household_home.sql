-- grain: customer who shares a home with another by its address; root: the smallest of them
-- reads: household_core, household_again, household_large
-- writes: household_home
WITH large AS (SELECT node FROM household_large),
core AS (
    SELECT household_core.node, household_core.component
    FROM household_core
    LEFT JOIN large ON large.node = household_core.node
    WHERE large.node IS NULL
),
again AS (SELECT node, component FROM household_again),
fitting AS (SELECT component FROM again GROUP BY component HAVING count(*) <= $most)
SELECT node AS customer_no, component AS root FROM core
UNION ALL
SELECT again.node AS customer_no, again.component AS root
FROM again
JOIN fitting ON fitting.component = again.component
