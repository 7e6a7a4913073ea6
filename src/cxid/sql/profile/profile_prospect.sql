-- grain: customer x spell of own acts before the first purchase
-- reads: profile_event, profile_touch, profile_rule
-- writes: profile_prospect
WITH events AS (SELECT customer_no, act, time FROM profile_event WHERE own = 1),
touches AS (SELECT customer_no, first_purchase_at FROM profile_touch),
rules AS (SELECT engaged_seconds, return_seconds FROM profile_rule),
acts AS (
    SELECT
        events.customer_no,
        events.time,
        CASE
            WHEN events.act IN ('answer', 'attend', 'cart', 'login', 'mention', 'post', 'purchase', 'refer', 'share', 'signup', 'ticket')
                THEN 1
            ELSE 0
        END AS commits
    FROM events
    JOIN touches ON touches.customer_no = events.customer_no
    WHERE touches.first_purchase_at IS NULL OR events.time < touches.first_purchase_at
),
gaps AS (
    SELECT
        customer_no,
        time,
        commits,
        date_diff('second', lag(time) OVER (PARTITION BY customer_no ORDER BY time), time) AS gap
    FROM acts
),
-- rows of one moment share their spell: the sum takes in all of them
numbered AS (
    SELECT
        gaps.customer_no,
        gaps.time,
        CASE
            WHEN gaps.commits = 1 OR (gaps.gap >= rules.return_seconds AND gaps.gap <= rules.engaged_seconds) THEN 1
            ELSE 0
        END AS engages,
        sum(CASE WHEN gaps.gap <= rules.engaged_seconds THEN 0 ELSE 1 END)
            OVER (PARTITION BY gaps.customer_no ORDER BY gaps.time RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
            AS spell
    FROM gaps
    CROSS JOIN rules
)
SELECT
    customer_no,
    spell,
    min(time) AS first_at,
    max(time) AS last_at,
    min(CASE WHEN engages = 1 THEN time END) AS engaged_at
FROM numbered
GROUP BY customer_no, spell
