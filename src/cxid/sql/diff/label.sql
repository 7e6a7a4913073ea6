-- grain: customer of the run after that continues a customer of another id
-- reads: diff_shared
-- writes: diff_label
WITH shared AS (
    SELECT before_id, after_id, records, identifiers FROM diff_shared
),

same AS (
    SELECT after_id FROM shared WHERE before_id = after_id
),

ranked AS (
    SELECT
        shared.after_id,
        shared.before_id,
        row_number() OVER (
            PARTITION BY shared.after_id ORDER BY shared.records DESC, shared.identifiers DESC, shared.before_id
        ) AS place
    FROM shared
    LEFT JOIN same ON shared.after_id = same.after_id
    WHERE same.after_id IS NULL
)

SELECT after_id, before_id AS label FROM ranked WHERE place = 1
