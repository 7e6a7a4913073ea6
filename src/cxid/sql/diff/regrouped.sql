-- grain: id of both runs that gave records or identifiers to other customers or took some in
-- reads: diff_move, diff_before_member, diff_after_member
-- writes: diff_regrouped
WITH named AS (
    SELECT customer_id FROM diff_move WHERE other_customer_id <> ''
    UNION
    SELECT other_customer_id AS customer_id FROM diff_move WHERE other_customer_id <> ''
)

SELECT named.customer_id
FROM named
INNER JOIN diff_before_member AS then_held ON named.customer_id = then_held.customer_id
INNER JOIN diff_after_member AS now_held ON named.customer_id = now_held.customer_id
