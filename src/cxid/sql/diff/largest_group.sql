-- grain: customer of the run after, the largest first
-- reads: diff_before_member, diff_after_member
-- writes: diff_largest_group
WITH now_held AS (
    SELECT customer_id, records FROM diff_after_member WHERE records > 1
),

then_held AS (
    SELECT customer_id, records FROM diff_before_member
)

SELECT now_held.customer_id, then_held.records AS before, now_held.records AS after
FROM now_held
LEFT JOIN then_held ON now_held.customer_id = then_held.customer_id
ORDER BY now_held.records DESC, now_held.customer_id
LIMIT $groups
