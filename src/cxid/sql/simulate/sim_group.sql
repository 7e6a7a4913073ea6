-- grain: customer of today whom some customer of then became, with the most that the trigger did to one of them
-- reads: sim_heir, trigger_choice, customer
-- writes: sim_group
WITH hits AS (SELECT customer_id, status FROM trigger_choice),

heirs AS (SELECT then_id, today_id FROM sim_heir)

SELECT
    heirs.today_id AS customer_id,
    min(CASE hits.status WHEN 'act' THEN 1 WHEN 'holdout' THEN 1 WHEN 'capped' THEN 2 WHEN 'no_consent' THEN 3 ELSE 4 END)
        AS rank
FROM customer AS customers
INNER JOIN heirs ON customers.customer_id = heirs.then_id
LEFT JOIN hits ON customers.customer_id = hits.customer_id
GROUP BY heirs.today_id
