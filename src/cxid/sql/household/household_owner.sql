-- grain: record
-- reads: record_customer, household_number
-- writes: household_owner
WITH owners AS (SELECT record_no, customer_id FROM record_customer),
numbers AS (SELECT customer_id, customer_no FROM household_number)
SELECT owners.record_no, numbers.customer_no
FROM owners
JOIN numbers ON numbers.customer_id = owners.customer_id
