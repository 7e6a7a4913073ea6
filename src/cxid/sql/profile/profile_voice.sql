-- grain: customer who spoke up: a mention, a referral, something in the community
-- reads: event, event_customer, profile_number, profile_moment, profile_meaning, profile_said, profile_place, profile_influence_weight
-- writes: profile_voice
WITH events AS (
    SELECT event_no, source, kind, channel, time, type, sentiment, reach, likes, followers FROM event
),
doings AS (SELECT kind, said_channel, said_type, channel, act FROM profile_said),
places AS (SELECT raw, place FROM profile_place),
meanings AS (SELECT raw, voice FROM profile_meaning WHERE voice <> ''),
owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
moment AS (SELECT as_of FROM profile_moment),
weights AS (SELECT post, answer, accepted, liked FROM profile_influence_weight),
said AS (
    SELECT
        events.event_no,
        events.time,
        CASE WHEN events.kind = 'mentions' THEN 1 ELSE 0 END AS is_mention,
        CASE WHEN events.sentiment BETWEEN -1 AND 1 THEN events.sentiment END AS sentiment,
        -- who could have seen it, where nobody counted who did
        CASE
            WHEN events.reach >= 0 THEN events.reach
            WHEN events.reach IS NULL AND events.followers >= 0 THEN events.followers
        END AS reach,
        CASE WHEN events.likes >= 0 THEN events.likes END AS likes,
        CASE WHEN events.followers >= 0 THEN events.followers END AS followers,
        CASE WHEN doings.act = 'refer' THEN 1 ELSE 0 END AS is_referral,
        CASE
            WHEN events.kind = 'events' AND (doings.channel = 'community' OR places.place = 'community')
                THEN coalesce(meanings.voice, '')
        END AS activity
    FROM events
    JOIN doings
        ON doings.kind = events.kind AND doings.said_channel = events.channel AND doings.said_type = coalesce(events.type, '')
    LEFT JOIN places ON places.raw = events.source
    LEFT JOIN meanings ON meanings.raw = events.type
    WHERE
        events.kind = 'mentions' OR events.followers IS NOT NULL
        OR (events.kind = 'events' AND (doings.channel = 'community' OR places.place = 'community' OR doings.act = 'refer'))
),
own AS (
    SELECT
        numbers.customer_no,
        said.is_mention,
        said.sentiment,
        said.reach,
        said.followers,
        said.is_referral,
        CASE WHEN said.activity = 'post' THEN 1 ELSE 0 END AS is_post,
        CASE WHEN said.activity = 'answer' THEN 1 ELSE 0 END AS is_answer,
        CASE WHEN said.activity = 'accepted' THEN 1 ELSE 0 END AS is_accepted,
        CASE
            WHEN said.activity IS NULL THEN 0
            ELSE coalesce(said.likes, 0) + CASE WHEN said.activity = 'liked' THEN 1 ELSE 0 END
        END AS liked
    FROM said
    JOIN owners ON owners.event_no = said.event_no
    JOIN numbers ON numbers.customer_id = owners.customer_id
    JOIN moment ON said.time <= moment.as_of
),
totals AS (
    SELECT
        customer_no,
        CAST(sum(is_mention) AS BIGINT) AS mentions,
        CAST(sum(CASE WHEN is_mention = 1 AND sentiment > 0 THEN 1 ELSE 0 END) AS BIGINT) AS mentions_positive,
        CAST(sum(CASE WHEN is_mention = 1 AND sentiment < 0 THEN 1 ELSE 0 END) AS BIGINT) AS mentions_negative,
        count(CASE WHEN is_mention = 1 THEN sentiment END) AS toned,
        CAST(sum(CASE WHEN is_mention = 1 THEN reach END) AS BIGINT) AS reach,
        CAST(sum(CASE WHEN is_mention = 1 THEN CAST(reach AS DECIMAL(18, 0)) * sentiment END) AS DECIMAL(24, 4)) AS weighted_reach,
        max(CASE WHEN is_mention = 1 THEN reach END) AS largest_reach,
        max(followers) AS followers,
        CAST(sum(is_referral) AS BIGINT) AS referrals,
        CAST(sum(is_post) AS BIGINT) AS community_posts,
        CAST(sum(is_answer) AS BIGINT) AS community_answers,
        CAST(sum(is_accepted) AS BIGINT) AS community_accepted,
        CAST(sum(liked) AS BIGINT) AS community_likes
    FROM own
    GROUP BY customer_no
)
SELECT
    totals.customer_no,
    totals.mentions,
    totals.mentions_positive,
    totals.mentions_negative,
    totals.toned,
    totals.reach,
    totals.weighted_reach,
    totals.largest_reach,
    totals.followers,
    totals.referrals,
    totals.community_posts,
    totals.community_answers,
    totals.community_accepted,
    totals.community_likes,
    totals.community_posts * weights.post + totals.community_answers * weights.answer
    + totals.community_accepted * weights.accepted + totals.community_likes * weights.liked AS reputation
FROM totals
CROSS JOIN weights
