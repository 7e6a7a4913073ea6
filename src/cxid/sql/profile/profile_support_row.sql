-- grain: row of a support source, known at as_of
-- reads: event, event_customer, profile_number, profile_moment, profile_meaning, profile_channel, profile_place
-- writes: profile_support_row
WITH events AS (
    SELECT event_no, source, channel, time, type, case_id, ended_at FROM event WHERE kind = 'events'
),
channels AS (SELECT raw, channel FROM profile_channel),
places AS (SELECT raw, place FROM profile_place),
meanings AS (SELECT raw, ticket FROM profile_meaning),
owners AS (SELECT event_no, customer_id FROM event_customer),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
moment AS (SELECT as_of FROM profile_moment)
SELECT
    numbers.customer_no,
    events.source,
    coalesce('c' || events.case_id, 'r' || CAST(events.event_no AS VARCHAR)) AS case_name,
    events.time,
    events.channel,
    coalesce(meanings.ticket, 'contact') AS ticket,
    CASE WHEN events.ended_at <= moment.as_of THEN events.ended_at END AS ended_at,
    CASE WHEN events.ended_at IS NOT NULL OR meanings.ticket = 'resolved' THEN 1 ELSE 0 END AS tells_end
FROM events
JOIN moment ON events.time <= moment.as_of
LEFT JOIN channels ON channels.raw = events.channel
LEFT JOIN places ON places.raw = events.source
LEFT JOIN meanings ON meanings.raw = events.type
LEFT JOIN owners ON owners.event_no = events.event_no
LEFT JOIN numbers ON numbers.customer_id = owners.customer_id
WHERE channels.channel = 'support' OR places.place = 'support'
