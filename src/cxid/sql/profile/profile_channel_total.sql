-- grain: customer x channel
-- reads: profile_event, profile_said, profile_moment
-- writes: profile_channel_total
WITH events AS (SELECT customer_no, said_no, channel, own, time FROM profile_event),
said AS (SELECT said_no, milli_points, half_life FROM profile_said),
moment AS (SELECT as_of FROM profile_moment),
-- millionths of a point, rounded for each event, so that the order of adding changes nothing
valued AS (
    SELECT
        events.customer_no,
        events.channel,
        events.own,
        events.time,
        CASE
            WHEN said.milli_points > 0
                THEN
                    CAST(
                        round(
                            1000 * said.milli_points
                            * power(
                                0.5,
                                CAST(date_diff('day', CAST(events.time AS DATE), CAST(moment.as_of AS DATE)) AS DOUBLE)
                                / CAST(said.half_life AS DOUBLE)
                            )
                        ) AS BIGINT
                    )
            ELSE 0
        END AS points
    FROM events
    JOIN said ON said.said_no = events.said_no
    CROSS JOIN moment
)
SELECT
    customer_no,
    channel,
    count(*) AS events,
    CAST(sum(own) AS BIGINT) AS own_events,
    max(time) AS last_at,
    max(CASE WHEN own = 1 THEN time END) AS last_own_at,
    CAST(sum(points) AS BIGINT) AS points
FROM valued
GROUP BY customer_no, channel
