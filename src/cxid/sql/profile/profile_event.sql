-- grain: event of a customer, known at as_of
-- reads: event, event_customer, profile_moment, profile_channel
-- writes: profile_event
WITH events AS (
    SELECT event_no, source, event_key, kind, channel, time, type, amount, currency, category, campaign, score FROM event
),
owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),
channels AS (SELECT raw, channel FROM profile_channel),
moment AS (SELECT as_of FROM profile_moment)
SELECT
    owners.customer_id,
    events.event_no,
    events.source,
    events.event_key,
    events.kind,
    coalesce(channels.channel, 'other') AS channel,
    events.time,
    lower(events.type) AS type,
    events.amount,
    events.currency,
    events.category,
    events.campaign,
    events.score
FROM events
JOIN owners ON owners.event_no = events.event_no
JOIN moment ON events.time <= moment.as_of
LEFT JOIN channels ON channels.raw = events.channel
