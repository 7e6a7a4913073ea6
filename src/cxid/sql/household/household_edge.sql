-- grain: two customers at one address, a the smaller, with what speaks for one home; is_whole: one name at one whole address
-- reads: household_group, household_key, household_name, household_contact_pair, household_linked_pair
-- writes: household_edge
WITH groups AS (SELECT kind, text, name, customer_no FROM household_group),
addresses AS (SELECT kind, text, customer_no FROM household_key),
names AS (SELECT customer_no, name FROM household_name),
contacts AS (SELECT a, b FROM household_contact_pair WHERE is_one_address),
linked AS (SELECT a, b FROM household_linked_pair WHERE people <= $most),
edges AS (
    SELECT
        groups.customer_no AS a,
        addresses.customer_no AS b,
        1 AS rule_no,
        groups.kind IN ('flat', 'home') AS is_whole
    FROM groups
    JOIN addresses ON addresses.kind = groups.kind AND addresses.text = groups.text
    JOIN names ON names.customer_no = addresses.customer_no AND names.name = groups.name
    WHERE addresses.customer_no <> groups.customer_no
    UNION ALL
    SELECT a, b, 2 AS rule_no, FALSE AS is_whole FROM contacts
    UNION ALL
    SELECT a, b, 3 AS rule_no, FALSE AS is_whole FROM linked
)
SELECT a, b, min(rule_no) AS rule_no, max(CASE WHEN is_whole THEN 1 ELSE 0 END) = 1 AS is_whole
FROM edges
GROUP BY a, b
