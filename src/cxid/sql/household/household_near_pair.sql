-- grain: two customers who may be one home though no address says so, each way round
-- reads: household_contact_pair, household_linked_pair
-- writes: household_near_pair
WITH contacts AS (
    SELECT a, b FROM household_contact_pair WHERE is_one_name AND NOT is_one_address AND NOT has_both_places
),
linked AS (SELECT a, b, strength FROM household_linked_pair WHERE people IS NULL),
pairs AS (
    SELECT a, b, 3 AS rule_no, strength FROM linked
    UNION ALL
    SELECT a, b, 4 AS rule_no, 500000 AS strength FROM contacts
),
strongest AS (
    SELECT a, b, min(rule_no) AS rule_no, sum(strength) AS strength FROM pairs GROUP BY a, b
)
SELECT a AS customer_no, b AS other_no, rule_no, strength FROM strongest
UNION ALL
SELECT b AS customer_no, a AS other_no, rule_no, strength FROM strongest
