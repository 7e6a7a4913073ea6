-- grain: record that belongs to a customer
-- reads: record_customer, golden_number
-- writes: golden_owner
WITH members AS (SELECT record_no, customer_id FROM record_customer),
numbers AS (SELECT customer_id, customer_no, is_kept FROM golden_number)
SELECT members.record_no, numbers.customer_no, numbers.is_kept
FROM members
JOIN numbers ON numbers.customer_id = members.customer_id
