-- grain: customer of whom a trigger holds
-- reads: trigger_choice, previous_trigger_hit, customer_alias, profile_moment
-- writes: trigger_hit
WITH choices AS (
    SELECT customer_id, name, action, status, place, reason, facts FROM trigger_choice
),

moment AS (
    SELECT as_of FROM profile_moment
),

before AS (
    SELECT
        coalesce(aliases.customer_id, earlier.customer_id) AS customer_id,
        earlier."trigger" AS name,
        min(earlier.since) AS since
    FROM previous_trigger_hit AS earlier
    LEFT JOIN customer_alias AS aliases ON earlier.customer_id = aliases.old_customer_id
    GROUP BY coalesce(aliases.customer_id, earlier.customer_id), earlier."trigger"
)

SELECT
    choices.customer_id,
    choices.name AS "trigger",
    choices.action,
    choices.status,
    choices.place,
    choices.reason,
    choices.facts,
    CASE WHEN before.since < moment.as_of THEN before.since ELSE moment.as_of END AS since,
    moment.as_of
FROM choices
CROSS JOIN moment
LEFT JOIN before ON choices.customer_id = before.customer_id AND choices.name = before.name
