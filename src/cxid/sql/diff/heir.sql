-- grain: id of the run before that the run after has not, with the customer that holds most of it now
-- reads: diff_shared, diff_after_member, before_identity_event, after_record_customer
-- writes: diff_heir
WITH ended AS (
    SELECT DISTINCT shared.before_id
    FROM diff_shared AS shared
    LEFT JOIN diff_after_member AS now_held ON shared.before_id = now_held.customer_id
    WHERE now_held.customer_id IS NULL
),

reached AS (
    SELECT DISTINCT shared.after_id
    FROM diff_shared AS shared
    INNER JOIN ended ON shared.before_id = ended.before_id
),

rivals AS (
    SELECT shared.before_id, shared.after_id, shared.records, shared.identifiers
    FROM diff_shared AS shared
    INNER JOIN reached ON shared.after_id = reached.after_id
),

ages AS (
    SELECT history.customer_id, min(history.run_no) AS born
    FROM before_identity_event AS history
    INNER JOIN (SELECT DISTINCT before_id FROM rivals) AS asked ON history.customer_id = asked.before_id
    GROUP BY history.customer_id
),

-- customers are ordered by their smallest record, those without records last
places AS (
    SELECT owners.customer_id, min(owners.record_no) AS first_record
    FROM after_record_customer AS owners
    INNER JOIN reached ON owners.customer_id = reached.after_id
    GROUP BY owners.customer_id
),

-- the same order as when ids are assigned: among equals, where an id stands first
placed AS (
    SELECT
        rivals.before_id,
        rivals.after_id,
        rivals.records,
        rivals.identifiers,
        places.first_record,
        row_number() OVER (
            PARTITION BY rivals.after_id
            ORDER BY rivals.records DESC, rivals.identifiers DESC, coalesce(ages.born, 0), rivals.before_id
        ) AS place
    FROM rivals
    LEFT JOIN ages ON rivals.before_id = ages.customer_id
    LEFT JOIN places ON rivals.after_id = places.customer_id
),

chosen AS (
    SELECT
        placed.before_id,
        placed.after_id,
        row_number() OVER (
            PARTITION BY placed.before_id
            ORDER BY
                placed.records DESC, placed.identifiers DESC, placed.place, placed.first_record NULLS LAST,
                placed.after_id
        ) AS choice
    FROM placed
    INNER JOIN ended ON placed.before_id = ended.before_id
)

SELECT before_id, after_id FROM chosen WHERE choice = 1
