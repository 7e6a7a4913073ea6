-- grain: customer x time in one stage
-- reads: profile_mark
-- writes: profile_stage_span
WITH marks AS (
    SELECT
        customer_no, time, base, advocate,
        row_number() OVER (PARTITION BY customer_no ORDER BY time) AS place
    FROM profile_mark
),
-- the latest of both: the largest place that has one carries its value
carried AS (
    SELECT
        customer_no,
        time,
        max(CASE WHEN base IS NOT NULL THEN place * 8 + base END)
            OVER (PARTITION BY customer_no ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) % 8 AS base,
        max(CASE WHEN advocate IS NOT NULL THEN place * 8 + advocate END)
            OVER (PARTITION BY customer_no ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) % 8 AS advocate
    FROM marks
),
named AS (
    SELECT
        customer_no,
        time,
        CASE
            WHEN base IN (4, 5) AND advocate = 1 THEN 'advocate'
            WHEN base = 2 THEN 'aware'
            WHEN base = 3 THEN 'engaged'
            WHEN base = 4 THEN 'customer'
            WHEN base = 5 THEN 'repeat'
            WHEN base = 6 THEN 'at_risk'
            WHEN base = 7 THEN 'lapsed'
            ELSE 'unknown'
        END AS stage
    FROM carried
),
compared AS (
    SELECT customer_no, time, stage, lag(stage) OVER (PARTITION BY customer_no ORDER BY time) AS before FROM named
)
SELECT
    customer_no,
    stage,
    time AS since,
    lead(time) OVER (PARTITION BY customer_no ORDER BY time) AS until
FROM compared
WHERE before IS NULL OR before <> stage
