-- grain: customer whose home is known, or who is joined to another; root: the smallest who is there by its address
-- reads: household_home, household_mover, household_edge, household_place
-- writes: household_member
WITH homes AS (SELECT customer_no, root FROM household_home),
movers AS (SELECT customer_no, root, rule_no FROM household_mover),
edges AS (
    SELECT a AS customer_no, b AS other_no, rule_no FROM household_edge
    UNION ALL
    SELECT b AS customer_no, a AS other_no, rule_no FROM household_edge
),
-- the best reason that ties a customer to one of its own home
reasons AS (
    SELECT homes.customer_no, min(edges.rule_no) AS rule_no
    FROM homes
    JOIN edges ON edges.customer_no = homes.customer_no
    JOIN homes AS there ON there.customer_no = edges.other_no AND there.root = homes.root
    GROUP BY homes.customer_no
),
joined AS (
    SELECT homes.customer_no, homes.root, reasons.rule_no
    FROM homes
    JOIN reasons ON reasons.customer_no = homes.customer_no
    UNION ALL
    SELECT customer_no, root, rule_no FROM movers
    UNION ALL
    SELECT movers.root AS customer_no, movers.root, min(movers.rule_no) AS rule_no
    FROM movers
    LEFT JOIN homes ON homes.customer_no = movers.root
    WHERE homes.customer_no IS NULL
    GROUP BY movers.root
)
SELECT customer_no, root, rule_no FROM joined
UNION ALL
SELECT household_place.customer_no, household_place.customer_no AS root, 5 AS rule_no
FROM household_place
LEFT JOIN joined ON joined.customer_no = household_place.customer_no
WHERE joined.customer_no IS NULL
