-- grain: customer x moment at which something changes
-- reads: profile_touch, profile_prospect, profile_silence, profile_advocate, profile_rule, profile_moment
-- writes: profile_mark
WITH touches AS (SELECT customer_no, met_at, first_at, first_purchase_at FROM profile_touch),
spells AS (
    SELECT
        profile_prospect.customer_no,
        profile_prospect.first_at,
        profile_prospect.engaged_at,
        profile_prospect.last_at + INTERVAL 1 DAY * profile_rule.engaged_days AS quiet_at,
        profile_prospect.last_at + INTERVAL 1 DAY * (2 * profile_rule.engaged_days) AS silent_at,
        lead(profile_prospect.first_at)
            OVER (PARTITION BY profile_prospect.customer_no ORDER BY profile_prospect.spell) AS next_at,
        max(CASE WHEN profile_prospect.engaged_at IS NOT NULL THEN 1 ELSE 0 END)
            OVER (
                PARTITION BY profile_prospect.customer_no ORDER BY profile_prospect.spell
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS was_engaged
    FROM profile_prospect
    CROSS JOIN profile_rule
),
sells AS (SELECT CASE WHEN count(first_purchase_at) > 0 THEN 1 ELSE 0 END AS sells FROM profile_touch),
prospects AS (
    SELECT
        spells.customer_no,
        spells.first_at,
        -- where nothing is sold, who was engaged once needs no second proof
        CASE WHEN sells.sells = 0 AND spells.was_engaged = 1 THEN spells.first_at ELSE spells.engaged_at END AS engaged_at,
        spells.quiet_at,
        spells.silent_at,
        least(
            coalesce(spells.next_at, TIMESTAMP '9999-01-01 00:00:00'),
            coalesce(touches.first_purchase_at, TIMESTAMP '9999-01-01 00:00:00')
        ) AS end_at,
        sells.sells
    FROM spells
    CROSS JOIN sells
    JOIN touches ON touches.customer_no = spells.customer_no
),
silences AS (SELECT customer_no, place, first_at, next_at, risk_at, lapse_at FROM profile_silence),
-- 1 unknown, 2 aware, 3 engaged, 4 customer, 5 repeat, 6 at_risk, 7 lapsed
marks AS (
    SELECT customer_no, met_at AS time, 1 AS base, CAST(NULL AS INTEGER) AS advocate
    FROM touches
    WHERE first_at IS NULL OR met_at < first_at
    UNION ALL
    SELECT customer_no, first_at, 2, NULL FROM prospects
    UNION ALL
    SELECT customer_no, engaged_at, 3, NULL FROM prospects WHERE engaged_at IS NOT NULL
    UNION ALL
    SELECT customer_no, quiet_at, CASE WHEN sells = 1 THEN 2 ELSE 6 END, NULL
    FROM prospects
    WHERE engaged_at IS NOT NULL AND quiet_at < end_at
    UNION ALL
    SELECT customer_no, silent_at, 7, NULL
    FROM prospects
    WHERE engaged_at IS NOT NULL AND silent_at < end_at AND sells = 0
    UNION ALL
    SELECT customer_no, first_at, CASE WHEN place = 1 THEN 4 ELSE 5 END, NULL FROM silences
    UNION ALL
    SELECT customer_no, risk_at, 6, NULL FROM silences WHERE next_at IS NULL OR risk_at < next_at
    UNION ALL
    SELECT customer_no, lapse_at, 7, NULL FROM silences WHERE next_at IS NULL OR lapse_at < next_at
    UNION ALL
    SELECT customer_no, time, NULL, advocate FROM profile_advocate
)
SELECT marks.customer_no, marks.time, max(marks.base) AS base, max(marks.advocate) AS advocate
FROM marks
JOIN profile_moment ON marks.time <= profile_moment.as_of
GROUP BY marks.customer_no, marks.time
