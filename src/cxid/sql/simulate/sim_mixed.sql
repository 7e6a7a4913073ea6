-- grain: one row, how many who were held out live with somebody who was treated
-- reads: sim_unit, today_household
-- writes: sim_mixed
WITH homes AS (SELECT customer_id, household_id FROM today_household),

treated AS (
    SELECT DISTINCT homes.household_id
    FROM sim_unit AS units
    INNER JOIN homes ON units.customer_id = homes.customer_id
    WHERE units.arm = 'treated'
)

SELECT count(*) AS customers
FROM sim_unit AS units
INNER JOIN homes ON units.customer_id = homes.customer_id
INNER JOIN treated ON homes.household_id = treated.household_id
WHERE units.arm = 'control'
