-- grain: customer who joins the home that it picked; nobody joins by way of one who joined
-- reads: household_pick, household_home
-- writes: household_mover
WITH picks AS (SELECT customer_no, root, rule_no, is_single FROM household_pick),
homes AS (SELECT root, count(*) AS people FROM household_home GROUP BY root),
-- to a home, or the larger of two who picked each other
moves AS (
    SELECT picks.customer_no, picks.root, picks.rule_no
    FROM picks
    LEFT JOIN picks AS other ON other.customer_no = picks.root AND picks.is_single = 1
    WHERE
        picks.is_single = 0
        OR (other.root = picks.customer_no AND other.is_single = 1 AND picks.customer_no > picks.root)
),
sizes AS (SELECT root, count(*) AS movers FROM moves GROUP BY root)
SELECT moves.customer_no, moves.root, moves.rule_no
FROM moves
JOIN sizes ON sizes.root = moves.root
LEFT JOIN homes ON homes.root = moves.root
WHERE coalesce(homes.people, 1) + sizes.movers <= $most
