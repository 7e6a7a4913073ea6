-- grain: customer whose home is known, or who is joined to another
-- reads: household_member, household_number, household_id
-- writes: household
WITH members AS (SELECT customer_no, root, rule_no FROM household_member),
numbers AS (SELECT customer_id, customer_no FROM household_number),
ids AS (SELECT root, household_id FROM household_id)
SELECT
    numbers.customer_id,
    ids.household_id,
    CASE members.rule_no
        WHEN 1 THEN 'name_address'
        WHEN 2 THEN 'contact_address'
        WHEN 3 THEN 'linkage'
        WHEN 4 THEN 'name_contact'
        ELSE 'alone'
    END AS rule
FROM members
JOIN numbers ON numbers.customer_no = members.customer_no
JOIN ids ON ids.root = members.root
ORDER BY members.customer_no
