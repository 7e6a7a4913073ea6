-- grain: customer who visited a web site or an app
-- reads: profile_event, profile_session_id, profile_rule
-- writes: profile_session
WITH acts AS (
    SELECT customer_no, event_no, source, time FROM profile_event WHERE own = 1 AND channel IN ('web', 'mobile')
),
ids AS (SELECT event_no, session FROM profile_session_id),
rules AS (SELECT session_seconds FROM profile_rule),
named AS (
    SELECT acts.customer_no, min(acts.time) AS since, date_diff('second', min(acts.time), max(acts.time)) AS seconds
    FROM acts
    JOIN ids ON ids.event_no = acts.event_no
    GROUP BY acts.customer_no, acts.source, ids.session
),
-- events whose source names no session: each silence that is long enough starts another one
gaps AS (
    SELECT
        acts.customer_no,
        acts.time,
        date_diff('second', lag(acts.time) OVER (PARTITION BY acts.customer_no, acts.source ORDER BY acts.time), acts.time) AS gap
    FROM acts
    LEFT JOIN ids ON ids.event_no = acts.event_no
    WHERE ids.event_no IS NULL
),
silent AS (
    SELECT
        gaps.customer_no,
        sum(CASE WHEN gaps.gap <= rules.session_seconds THEN 0 ELSE 1 END) AS sessions,
        max(CASE WHEN gaps.gap <= rules.session_seconds THEN NULL ELSE gaps.time END) AS last_session_at,
        sum(CASE WHEN gaps.gap <= rules.session_seconds THEN gaps.gap ELSE 0 END) AS seconds
    FROM gaps
    CROSS JOIN rules
    GROUP BY gaps.customer_no
),
every_kind AS (
    SELECT customer_no, count(*) AS sessions, max(since) AS last_session_at, sum(seconds) AS seconds
    FROM named
    GROUP BY customer_no
    UNION ALL
    SELECT customer_no, sessions, last_session_at, seconds FROM silent
),
totals AS (
    SELECT customer_no, sum(sessions) AS sessions, max(last_session_at) AS last_session_at, sum(seconds) AS seconds
    FROM every_kind
    GROUP BY customer_no
)
SELECT
    customer_no,
    CAST(sessions AS BIGINT) AS sessions,
    last_session_at,
    CAST(CAST(seconds AS DOUBLE) / CAST(60 * sessions AS DOUBLE) AS DECIMAL(9, 1)) AS session_minutes
FROM totals
