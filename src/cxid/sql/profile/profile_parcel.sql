-- grain: delivery that arrived, or should have, by as_of
-- reads: event, event_customer, profile_number, profile_moment, profile_meaning, profile_channel, profile_place
-- writes: profile_parcel
WITH events AS (
    SELECT event_no, source, channel, time, type, case_id, due_at, ended_at FROM event
    WHERE kind IN ('events', 'transactions')
),
channels AS (SELECT raw, channel FROM profile_channel),
places AS (SELECT raw, place FROM profile_place),
meanings AS (SELECT raw, delivery FROM profile_meaning WHERE delivery <> ''),
owners AS (SELECT event_no, customer_id FROM event_customer),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
moment AS (SELECT as_of FROM profile_moment),
-- a mail that was delivered is no parcel
parcels AS (
    SELECT
        events.event_no,
        events.source,
        coalesce('c' || events.case_id, 'r' || CAST(events.event_no AS VARCHAR)) AS case_name,
        events.time,
        events.due_at,
        events.ended_at,
        CASE WHEN channels.channel IN ('web', 'store', 'other') THEN coalesce(meanings.delivery, '') ELSE '' END AS delivery
    FROM events
    LEFT JOIN channels ON channels.raw = events.channel
    LEFT JOIN places ON places.raw = events.source
    LEFT JOIN meanings ON meanings.raw = events.type
    WHERE
        coalesce(channels.channel, 'other') <> 'support' AND coalesce(places.place, 'other') <> 'support'
        AND (
            events.due_at IS NOT NULL
            OR (channels.channel IN ('web', 'store', 'other') AND meanings.delivery IS NOT NULL)
        )
),
telling AS (
    SELECT
        source,
        max(CASE WHEN ended_at IS NOT NULL OR delivery <> '' THEN 1 ELSE 0 END) AS tells_arrival,
        max(CASE WHEN due_at IS NOT NULL OR delivery = 'late' THEN 1 ELSE 0 END) AS tells_late
    FROM parcels
    GROUP BY source
),
known AS (
    SELECT
        parcels.event_no, parcels.source, parcels.case_name, parcels.time, parcels.due_at, parcels.delivery,
        CASE
            WHEN parcels.ended_at <= moment.as_of THEN parcels.ended_at
            WHEN parcels.ended_at IS NULL AND parcels.delivery <> '' THEN parcels.time
        END AS arrived_at
    FROM parcels
    JOIN moment ON parcels.time <= moment.as_of
),
cases AS (
    SELECT
        source,
        case_name,
        min(due_at) AS due_at,
        min(arrived_at) AS arrived_at,
        max(CASE WHEN delivery = 'late' THEN 1 ELSE 0 END) AS said_late
    FROM known
    GROUP BY source, case_name
),
holders AS (
    SELECT DISTINCT known.source, known.case_name, numbers.customer_no
    FROM known
    JOIN owners ON owners.event_no = known.event_no
    JOIN numbers ON numbers.customer_id = owners.customer_id
),
judged AS (
    SELECT
        holders.customer_no,
        coalesce(cases.arrived_at, cases.due_at) AS came_at,
        CASE
            WHEN telling.tells_late = 0 THEN NULL
            WHEN cases.said_late = 1 OR coalesce(cases.arrived_at, moment.as_of) > cases.due_at THEN 1
            ELSE 0
        END AS is_late
    FROM holders
    JOIN cases ON cases.source = holders.source AND cases.case_name = holders.case_name
    JOIN telling ON telling.source = holders.source
    CROSS JOIN moment
    WHERE cases.arrived_at IS NOT NULL OR (cases.due_at < moment.as_of AND telling.tells_arrival = 1)
)
SELECT
    customer_no,
    count(*) AS deliveries,
    CAST(sum(is_late) AS BIGINT) AS late_deliveries,
    max(CASE WHEN is_late = 1 THEN came_at END) AS last_late_delivery_at
FROM judged
GROUP BY customer_no
