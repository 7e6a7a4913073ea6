-- grain: customer x trigger x moment in which the customer was chosen
-- reads: trigger_past, trigger_choice, trigger_rule, profile_moment
-- writes: trigger_log
WITH past AS (
    SELECT customer_id, name, chosen_at, arm FROM trigger_past
),

chosen AS (
    SELECT customer_id, name, status FROM trigger_choice WHERE status IN ('act', 'holdout')
),

moment AS (
    SELECT as_of FROM profile_moment
)

SELECT past.customer_id, past.name, past.chosen_at, past.arm
FROM past
CROSS JOIN moment
WHERE past.chosen_at <> moment.as_of OR past.name NOT IN (SELECT name FROM trigger_rule)
UNION ALL
SELECT chosen.customer_id, chosen.name, moment.as_of AS chosen_at, chosen.status AS arm
FROM chosen
CROSS JOIN moment
