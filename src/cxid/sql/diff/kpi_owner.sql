-- grain: event of a customer in one data under one identity
-- reads: kpi_event_customer, diff_customer
-- writes: kpi_owner
SELECT owners.event_no, customers.customer_no
FROM kpi_event_customer AS owners
INNER JOIN diff_customer AS customers ON owners.customer_id = customers.customer_id
