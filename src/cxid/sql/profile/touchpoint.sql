-- grain: event
-- reads: event, event_customer
-- writes: touchpoint
WITH events AS (
    SELECT event_no, time, channel, source, event_key, type, amount, currency, campaign, sentiment FROM event
),
owners AS (SELECT event_no, customer_id FROM event_customer)
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
    CAST(NULL AS VARCHAR) AS stage
FROM events
LEFT JOIN owners ON owners.event_no = events.event_no
