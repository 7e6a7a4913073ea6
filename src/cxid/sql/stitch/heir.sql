-- grain: id of the run before some of whose members are left, with the customer that holds most of them; stays: it keeps the id
-- reads: stitch_overlap, stitch_history
-- writes: stitch_heir
WITH shared AS (
    SELECT * FROM stitch_overlap
),

earlier AS (
    SELECT earlier_id, count(*) AS ways FROM shared GROUP BY earlier_id
),

present AS (
    SELECT customer_no, count(*) AS ways FROM shared GROUP BY customer_no
),

both_ways AS (
    SELECT shared.*, earlier.ways = 1 AND present.ways = 1 AS is_plain
    FROM shared
    INNER JOIN earlier ON shared.earlier_id = earlier.earlier_id
    INNER JOIN present ON shared.customer_no = present.customer_no
),

contested AS (
    SELECT * FROM both_ways WHERE NOT is_plain
),

ages AS (
    SELECT history.customer_id, min(history.run_no) AS born
    FROM stitch_history AS history
    INNER JOIN (SELECT DISTINCT earlier_id FROM contested) AS asked ON history.customer_id = asked.earlier_id
    GROUP BY history.customer_id
),

-- how each id stands with a customer
placed AS (
    SELECT
        contested.*,
        coalesce(ages.born, 0) AS born,
        row_number() OVER (
            PARTITION BY contested.customer_no
            ORDER BY contested.records DESC, contested.identifiers DESC, coalesce(ages.born, 0), contested.earlier_id
        ) AS place
    FROM contested
    LEFT JOIN ages ON contested.earlier_id = ages.customer_id
),

-- where each id belongs: among equals, where it stands first
preferred AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY earlier_id
            ORDER BY records DESC, identifiers DESC, place, customer_no < 0, abs(customer_no)
        ) AS choice
    FROM placed
),

-- and who keeps the name where several belong
settled AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY customer_no ORDER BY records DESC, identifiers DESC, born, earlier_id
        ) AS turn
    FROM preferred
    WHERE choice = 1
)

SELECT earlier_id, customer_no, true AS stays FROM both_ways WHERE is_plain
UNION ALL
SELECT earlier_id, customer_no, turn = 1 AS stays FROM settled
