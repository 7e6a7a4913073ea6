-- grain: event of a customer, known at as_of
-- reads: touchpoint, profile_number, profile_moment, profile_channel
-- writes: profile_event
WITH touchpoints AS (
    SELECT customer_id, source, channel, time, campaign FROM touchpoint WHERE customer_id IS NOT NULL
),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
channels AS (SELECT raw, channel FROM profile_channel),
moment AS (SELECT as_of FROM profile_moment)
SELECT
    numbers.customer_no,
    touchpoints.source,
    coalesce(channels.channel, 'other') AS channel,
    touchpoints.time,
    touchpoints.campaign
FROM touchpoints
JOIN numbers ON numbers.customer_id = touchpoints.customer_id
JOIN moment ON touchpoints.time <= moment.as_of
LEFT JOIN channels ON channels.raw = touchpoints.channel
