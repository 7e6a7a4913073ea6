-- grain: customer x trigger x moment of the past in which the customer was chosen, under today's ids
-- reads: previous_trigger_log, customer_alias
-- writes: trigger_past
WITH said AS (
    SELECT customer_id, name, arm, chosen_at FROM previous_trigger_log
),

aliases AS (
    SELECT old_customer_id, customer_id FROM customer_alias
)

-- of two customers who became one, one treated and one held out: treated is what the one is now
SELECT
    coalesce(aliases.customer_id, said.customer_id) AS customer_id,
    said.name,
    said.chosen_at,
    min(said.arm) AS arm
FROM said
LEFT JOIN aliases ON said.customer_id = aliases.old_customer_id
GROUP BY coalesce(aliases.customer_id, said.customer_id), said.name, said.chosen_at
