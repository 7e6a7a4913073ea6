-- grain: customer of whom a trigger holds
-- reads: trigger_choice, profile_number
-- writes: profile_next
WITH choices AS (
    SELECT
        trigger_no,
        customer_id,
        name,
        action,
        reason,
        status,
        row_number() OVER (PARTITION BY customer_id, status = 'act' ORDER BY trigger_no) AS place
    FROM trigger_choice
),

numbers AS (
    SELECT customer_id, customer_no FROM profile_number
)

SELECT
    numbers.customer_no,
    array_to_string(list_sort(list(choices.name)), ',') AS triggers,
    max(CASE WHEN choices.status = 'act' AND choices.place = 1 THEN choices.reason END) AS trigger_reason,
    max(CASE WHEN choices.status = 'act' AND choices.place = 1 THEN choices.action END) AS suggested_action
FROM choices
INNER JOIN numbers ON choices.customer_id = numbers.customer_id
GROUP BY numbers.customer_no
