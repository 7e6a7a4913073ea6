-- grain: customer with a household
-- reads: household, profile_number
-- writes: profile_household
WITH households AS (SELECT customer_id, household_id FROM household),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
sizes AS (SELECT household_id, count(*) AS people FROM households GROUP BY household_id)
SELECT numbers.customer_no, households.household_id, sizes.people AS household_size
FROM households
JOIN sizes ON sizes.household_id = households.household_id
JOIN numbers ON numbers.customer_id = households.customer_id
