-- grain: the whole company
-- reads: event, profile_said, profile_place
-- writes: profile_advocacy_fed
WITH events AS (SELECT source, kind, channel, type, followers FROM event),
doings AS (SELECT kind, said_channel, said_type, channel, act FROM profile_said),
places AS (SELECT raw, place FROM profile_place),
kinds AS (
    SELECT source, kind, channel, coalesce(type, '') AS type, max(CASE WHEN followers IS NOT NULL THEN 1 ELSE 0 END) AS has_followers
    FROM events
    GROUP BY source, kind, channel, coalesce(type, '')
)
SELECT count(*) AS found
FROM kinds
JOIN doings ON doings.kind = kinds.kind AND doings.said_channel = kinds.channel AND doings.said_type = kinds.type
LEFT JOIN places ON places.raw = kinds.source
WHERE
    kinds.kind = 'mentions'
    OR kinds.has_followers = 1
    OR (kinds.kind = 'events' AND (doings.channel = 'community' OR places.place = 'community' OR doings.act = 'refer'))
