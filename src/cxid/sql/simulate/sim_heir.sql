-- grain: customer of then, with the customer of today who holds most of them
-- reads: sim_vote
-- writes: sim_heir
WITH ranked AS (
    SELECT
        then_id,
        today_id,
        row_number() OVER (PARTITION BY then_id ORDER BY records DESC, identifiers DESC, today_id) AS place
    FROM sim_vote
)

SELECT then_id, today_id FROM ranked WHERE place = 1
