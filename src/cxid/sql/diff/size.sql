-- grain: size of customers in either run, by records; sizes are taken together from 4 on
-- reads: diff_before_member, diff_after_member
-- writes: diff_size
WITH sized AS (
    SELECT records, 1 AS before_one, 0 AS after_one FROM diff_before_member
    UNION ALL
    SELECT records, 0 AS before_one, 1 AS after_one FROM diff_after_member
),

banded AS (
    SELECT
        CASE
            WHEN records <= 3 THEN records
            WHEN records <= 5 THEN 4
            WHEN records <= 10 THEN 6
            WHEN records <= 20 THEN 11
            WHEN records <= 50 THEN 21
            ELSE 51
        END AS least,
        before_one,
        after_one
    FROM sized
)

SELECT least, CAST(sum(before_one) AS BIGINT) AS before, CAST(sum(after_one) AS BIGINT) AS after
FROM banded
GROUP BY least
ORDER BY least
