-- grain: the whole company
-- reads: event, profile_meaning, profile_channel, profile_place
-- writes: profile_service_fed
WITH events AS (SELECT source, channel, type, due_at, kind FROM event WHERE kind IN ('events', 'transactions')),
channels AS (SELECT raw, channel FROM profile_channel),
places AS (SELECT raw, place FROM profile_place),
meanings AS (SELECT raw, delivery FROM profile_meaning WHERE delivery <> '')
SELECT count(*) AS found
FROM (
    SELECT DISTINCT events.source, events.channel, meanings.delivery
    FROM events
    LEFT JOIN channels ON channels.raw = events.channel
    LEFT JOIN places ON places.raw = events.source
    LEFT JOIN meanings ON meanings.raw = events.type
    WHERE
        (events.kind = 'events' AND (channels.channel = 'support' OR places.place = 'support'))
        OR events.due_at IS NOT NULL
        OR (channels.channel IN ('web', 'store', 'other') AND meanings.delivery IS NOT NULL)
) AS f
