-- grain: household that gets a new id, with its smallest member
-- reads: household_member, household_number, household_heir
-- writes: household_fresh
WITH members AS (SELECT root, min(customer_no) AS customer_no FROM household_member GROUP BY root),
numbers AS (SELECT customer_id, customer_no FROM household_number),
heirs AS (SELECT root FROM household_heir)
SELECT members.root, numbers.customer_id
FROM members
JOIN numbers ON numbers.customer_no = members.customer_no
LEFT JOIN heirs ON heirs.root = members.root
WHERE heirs.root IS NULL
