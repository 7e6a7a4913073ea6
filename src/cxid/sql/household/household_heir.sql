-- grain: household that keeps an id of the run before: that of most of its members, which belong to no other household more
-- reads: previous_household, customer_alias, household_number, household_member
-- writes: household_heir
WITH earlier AS (SELECT customer_id, household_id FROM previous_household),
aliases AS (SELECT old_customer_id, customer_id FROM customer_alias WHERE customer_id IS NOT NULL),
numbers AS (SELECT customer_id, customer_no FROM household_number),
members AS (SELECT customer_no, root FROM household_member),
present AS (
    SELECT DISTINCT earlier.household_id AS earlier_id, numbers.customer_no
    FROM earlier
    LEFT JOIN aliases ON aliases.old_customer_id = earlier.customer_id
    JOIN numbers ON numbers.customer_id = coalesce(aliases.customer_id, earlier.customer_id)
),
shared AS (
    SELECT present.earlier_id, members.root, count(*) AS people
    FROM present
    JOIN members ON members.customer_no = present.customer_no
    GROUP BY present.earlier_id, members.root
),
preferred AS (
    SELECT
        earlier_id, root, people,
        row_number() OVER (PARTITION BY earlier_id ORDER BY people DESC, root) AS choice
    FROM shared
),
settled AS (
    SELECT
        earlier_id, root,
        row_number() OVER (PARTITION BY root ORDER BY people DESC, earlier_id) AS turn
    FROM preferred
    WHERE choice = 1
)
SELECT root, earlier_id FROM settled WHERE turn = 1
