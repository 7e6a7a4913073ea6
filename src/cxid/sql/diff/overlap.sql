-- grain: customer of the run before x customer of the run after that share members; one of them is missing for members that only one run has
-- reads: diff_record, diff_identifier, diff_type, diff_before_member
-- writes: diff_overlap
WITH types AS (
    SELECT id_type, is_personal FROM diff_type
),

members AS (
    SELECT before_id, after_id, 1 AS records, 0 AS identifiers, 0 AS personal FROM diff_record
    UNION ALL
    SELECT
        identifiers.before_id,
        identifiers.after_id,
        0 AS records,
        1 AS identifiers,
        CASE WHEN types.is_personal THEN 1 ELSE 0 END AS personal
    FROM diff_identifier AS identifiers
    LEFT JOIN types ON identifiers.id_type = types.id_type
),

elsewhere AS (
    SELECT
        before_id,
        after_id,
        CAST(sum(records) AS BIGINT) AS records,
        CAST(sum(identifiers) AS BIGINT) AS identifiers,
        CAST(sum(personal) AS BIGINT) AS personal
    FROM members
    GROUP BY before_id, after_id
),

gone AS (
    SELECT
        before_id,
        CAST(sum(records) AS BIGINT) AS records,
        CAST(sum(identifiers) AS BIGINT) AS identifiers,
        CAST(sum(personal) AS BIGINT) AS personal
    FROM elsewhere
    WHERE before_id IS NOT NULL
    GROUP BY before_id
),

-- what did not leave an id is still with it
stayed AS (
    SELECT
        held.customer_id,
        held.records - coalesce(gone.records, 0) AS records,
        held.identifiers - coalesce(gone.identifiers, 0) AS identifiers,
        held.personal - coalesce(gone.personal, 0) AS personal
    FROM diff_before_member AS held
    LEFT JOIN gone ON held.customer_id = gone.before_id
)

SELECT before_id, after_id, records, identifiers, personal FROM elsewhere
UNION ALL
SELECT customer_id AS before_id, customer_id AS after_id, records, identifiers, personal
FROM stayed
WHERE records + identifiers > 0
