-- grain: customer with an event
-- reads: profile_event, profile_touch, profile_session, profile_stage_span
-- writes: profile_journey
WITH events AS (SELECT customer_no, source, channel, time, campaign FROM profile_event WHERE own = 1),
touches AS (SELECT customer_no, met_at, first_at, last_at, first_purchase_at FROM profile_touch),
-- events of one moment are told apart by what they say, never by their place in a file
said AS (
    SELECT
        touches.customer_no,
        min(
            CASE
                WHEN events.time = touches.first_at
                    THEN events.channel || chr(31) || events.source || chr(31) || coalesce(events.campaign, '')
            END
        ) AS first_said,
        min(
            CASE
                WHEN events.time = touches.last_at
                    THEN events.channel || chr(31) || events.source || chr(31) || coalesce(events.campaign, '')
            END
        ) AS last_said,
        count(CASE WHEN events.time < touches.first_purchase_at THEN 1 END) AS before
    FROM touches
    JOIN events ON events.customer_no = touches.customer_no
    GROUP BY touches.customer_no
),
sessions AS (SELECT customer_no, sessions, last_session_at, session_minutes FROM profile_session),
stages AS (SELECT customer_no, stage, since FROM profile_stage_span WHERE until IS NULL)
SELECT
    touches.customer_no,
    coalesce(stages.stage, 'unknown') AS stage,
    stages.since AS stage_since,
    touches.first_at AS first_touch_at,
    split_part(said.first_said, chr(31), 1) AS first_touch_channel,
    split_part(said.first_said, chr(31), 2) AS first_touch_source,
    nullif(split_part(said.first_said, chr(31), 3), '') AS first_touch_campaign,
    touches.last_at AS last_touch_at,
    split_part(said.last_said, chr(31), 1) AS last_touch_channel,
    split_part(said.last_said, chr(31), 2) AS last_touch_source,
    nullif(split_part(said.last_said, chr(31), 3), '') AS last_touch_campaign,
    CASE WHEN touches.first_purchase_at IS NOT NULL THEN coalesce(said.before, 0) END AS touches_before_purchase,
    date_diff('day', CAST(touches.first_at AS DATE), CAST(touches.first_purchase_at AS DATE)) AS days_to_purchase,
    coalesce(sessions.sessions, 0) AS sessions,
    sessions.last_session_at,
    sessions.session_minutes
FROM touches
LEFT JOIN said ON said.customer_no = touches.customer_no
LEFT JOIN sessions ON sessions.customer_no = touches.customer_no
LEFT JOIN stages ON stages.customer_no = touches.customer_no
