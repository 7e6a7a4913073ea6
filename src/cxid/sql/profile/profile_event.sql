-- grain: event of a customer, known at as_of
-- reads: event, event_customer, profile_number, profile_moment, profile_said
-- writes: profile_event
WITH events AS (SELECT event_no, source, kind, channel, time, type, campaign FROM event),
owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
said AS (SELECT said_no, kind, said_channel, said_type, channel, act, own FROM profile_said),
moment AS (SELECT as_of FROM profile_moment)
SELECT
    numbers.customer_no,
    events.event_no,
    said.said_no,
    events.source,
    said.channel,
    said.act,
    said.own,
    events.time,
    events.campaign
FROM events
JOIN owners ON owners.event_no = events.event_no
JOIN numbers ON numbers.customer_id = owners.customer_id
JOIN moment ON events.time <= moment.as_of
JOIN said
    ON said.kind = events.kind AND said.said_channel = events.channel AND said.said_type = coalesce(events.type, '')
