-- grain: customer of now or of the run before whose golden values may be others
-- reads: record_customer, unchanged_norm, earlier_record_customer, earlier_golden_provenance, golden_swayed, decision
-- writes: golden_touched
WITH members AS (SELECT record_no, customer_id FROM record_customer),
unchanged AS (SELECT record_no, earlier_record_no FROM unchanged_norm),
earlier_members AS (SELECT record_no, customer_id FROM earlier_record_customer),
earlier_values AS (SELECT customer_id, rule FROM earlier_golden_provenance),
swayed AS (SELECT customer_id FROM golden_swayed),
pins AS (SELECT record_no_a FROM decision WHERE action = 'pin'),
now AS (
    SELECT members.customer_id, unchanged.earlier_record_no
    FROM members
    LEFT JOIN unchanged ON unchanged.record_no = members.record_no
),
-- a record that is as it was and where it was touches nobody
moved AS (
    SELECT now.customer_id, earlier_members.customer_id AS earlier_customer_id
    FROM now
    FULL JOIN earlier_members ON earlier_members.record_no = now.earlier_record_no
    WHERE now.customer_id IS DISTINCT FROM earlier_members.customer_id
)
SELECT customer_id FROM moved WHERE customer_id IS NOT NULL
UNION
SELECT earlier_customer_id AS customer_id FROM moved WHERE earlier_customer_id IS NOT NULL
UNION
SELECT members.customer_id FROM members JOIN pins ON pins.record_no_a = members.record_no
UNION
SELECT customer_id FROM earlier_values WHERE rule = 'pinned'
UNION
SELECT customer_id FROM swayed
