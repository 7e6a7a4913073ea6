-- grain: household that gets a new id, with the id's proposal; is_used: another household has it, or had it in the run before
-- reads: household_fresh, household_id, previous_household
-- writes: household_proposal
WITH proposals AS (
    SELECT
        root,
        customer_id,
        concat('hh_', substr(md5(concat('household', chr(31), customer_id, $counter)), 1, 16)) AS household_id
    FROM household_fresh
),
taken AS (
    SELECT household_id FROM household_id
    UNION
    SELECT household_id FROM previous_household
)
SELECT
    proposals.root,
    proposals.customer_id,
    proposals.household_id,
    taken.household_id IS NOT NULL AS is_used
FROM proposals
LEFT JOIN taken ON taken.household_id = proposals.household_id
