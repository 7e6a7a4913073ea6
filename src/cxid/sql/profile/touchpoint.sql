-- grain: event
-- reads: event, event_customer, profile_number, profile_moment, profile_stage_span
-- writes: touchpoint
WITH events AS (
    SELECT event_no, time, channel, source, event_key, type, amount, currency, campaign, sentiment, medium, origin FROM event
),
owners AS (
    SELECT event_customer.event_no, event_customer.customer_id, profile_number.customer_no
    FROM event_customer
    LEFT JOIN profile_number ON profile_number.customer_id = event_customer.customer_id
),
spans AS (SELECT customer_no, stage, since, until FROM profile_stage_span),
moment AS (SELECT as_of FROM profile_moment)
SELECT
    owners.customer_id,
    events.time,
    events.channel,
    events.source,
    events.event_key,
    events.type,
    events.amount AS value,
    events.currency,
    events.campaign,
    events.sentiment,
    -- the stage before the event: the one that the event found the customer in
    CASE WHEN owners.customer_no IS NOT NULL AND events.time <= moment.as_of THEN coalesce(spans.stage, 'unknown') END AS stage,
    events.medium,
    events.origin
FROM events
CROSS JOIN moment
LEFT JOIN owners ON owners.event_no = events.event_no
LEFT JOIN spans
    ON
        spans.customer_no = owners.customer_no
        AND events.time > spans.since
        AND events.time <= coalesce(spans.until, moment.as_of)
