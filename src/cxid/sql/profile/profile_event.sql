-- grain: event of a customer, known at as_of
-- reads: event, event_customer, profile_number, profile_moment, profile_channel
-- writes: profile_event
WITH events AS (SELECT event_no, source, channel, time, campaign FROM event),
owners AS (
    SELECT event_customer.event_no, profile_number.customer_no
    FROM event_customer
    JOIN profile_number ON profile_number.customer_id = event_customer.customer_id
),
channels AS (SELECT raw, channel FROM profile_channel),
moment AS (SELECT as_of FROM profile_moment)
SELECT
    owners.customer_no,
    events.source,
    coalesce(channels.channel, 'other') AS channel,
    events.time,
    events.campaign
FROM events
JOIN owners ON owners.event_no = events.event_no
JOIN moment ON events.time <= moment.as_of
LEFT JOIN channels ON channels.raw = events.channel
