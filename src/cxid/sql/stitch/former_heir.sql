-- grain: ended id with members left, and the customer that holds most of them; returns: it takes the id up again
-- reads: stitch_former_past, stitch_heir, stitch_history
-- writes: stitch_former_heir
WITH members AS (
    SELECT * FROM stitch_former_past
),

sizes AS (
    SELECT
        earlier_id,
        count(CASE WHEN is_record THEN 1 END) AS all_records,
        count(CASE WHEN NOT is_record THEN 1 END) AS all_identifiers
    FROM members
    GROUP BY earlier_id
),

shared AS (
    SELECT
        earlier_id,
        customer_no,
        count(CASE WHEN is_record THEN 1 END) AS records,
        count(CASE WHEN NOT is_record THEN 1 END) AS identifiers
    FROM members
    WHERE customer_no IS NOT NULL
    GROUP BY earlier_id, customer_no
),

held AS (
    SELECT customer_no FROM stitch_heir WHERE stays
),

ages AS (
    SELECT history.customer_id, min(history.run_no) AS born
    FROM stitch_history AS history
    INNER JOIN sizes ON history.customer_id = sizes.earlier_id
    GROUP BY history.customer_id
),

preferred AS (
    SELECT
        shared.*,
        sizes.all_records,
        sizes.all_identifiers,
        coalesce(ages.born, 0) AS born,
        held.customer_no IS NULL AS is_free,
        row_number() OVER (
            PARTITION BY shared.earlier_id
            ORDER BY
                shared.records DESC,
                shared.identifiers DESC,
                held.customer_no IS NOT NULL,
                shared.customer_no < 0,
                abs(shared.customer_no)
        ) AS choice
    FROM shared
    INNER JOIN sizes ON shared.earlier_id = sizes.earlier_id
    LEFT JOIN ages ON shared.earlier_id = ages.customer_id
    LEFT JOIN held ON shared.customer_no = held.customer_no
    WHERE shared.records > 0 OR sizes.all_records = 0 OR shared.customer_no < 0
),

-- an id comes back only with at least half of what it held last, to a customer that no living id has
settled AS (
    SELECT
        *,
        is_free AND CASE
            WHEN all_records > 0 THEN 2 * records >= all_records
            ELSE 2 * identifiers >= all_identifiers
        END AS may_return
    FROM preferred
    WHERE choice = 1
)

SELECT
    earlier_id,
    customer_no,
    may_return AND row_number() OVER (
        PARTITION BY customer_no, may_return ORDER BY records DESC, identifiers DESC, born, earlier_id
    ) = 1 AS returns
FROM settled
