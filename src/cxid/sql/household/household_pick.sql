-- grain: customer without a shared home, with the home (or the other such customer) that most speaks for
-- reads: household_near_pair, household_home
-- writes: household_pick
WITH pairs AS (SELECT customer_no, other_no, rule_no, strength FROM household_near_pair),
homes AS (SELECT customer_no, root FROM household_home),
options AS (
    SELECT
        pairs.customer_no,
        coalesce(there.root, pairs.other_no) AS root,
        min(pairs.rule_no) AS rule_no,
        max(pairs.strength) AS strength,
        count(*) AS ways,
        max(CASE WHEN there.root IS NULL THEN 1 ELSE 0 END) AS is_single
    FROM pairs
    LEFT JOIN homes AS own ON own.customer_no = pairs.customer_no
    LEFT JOIN homes AS there ON there.customer_no = pairs.other_no
    WHERE own.customer_no IS NULL
    GROUP BY pairs.customer_no, coalesce(there.root, pairs.other_no)
),
ranked AS (
    SELECT
        customer_no, root, rule_no, is_single,
        row_number() OVER (PARTITION BY customer_no ORDER BY strength DESC, ways DESC, is_single, root) AS place
    FROM options
)
SELECT customer_no, root, rule_no, is_single FROM ranked WHERE place = 1
