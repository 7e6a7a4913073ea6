-- grain: customer of either run, numbered: whole numbers are joined faster than ids
-- reads: diff_before_member, diff_after_member
-- writes: diff_customer
WITH ids AS (
    SELECT customer_id FROM diff_before_member
    UNION
    SELECT customer_id FROM diff_after_member
)

SELECT customer_id, row_number() OVER (ORDER BY customer_id) AS customer_no
FROM ids
