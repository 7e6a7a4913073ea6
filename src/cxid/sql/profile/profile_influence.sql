-- grain: customer with followers or a voice
-- reads: profile_voice, profile_follower, profile_influence_weight
-- writes: profile_influence
WITH voices AS (
    SELECT
        customer_no, mentions, mentions_positive, mentions_negative, toned, reach, weighted_reach, largest_reach, followers,
        referrals, community_posts, community_answers, community_accepted, community_likes, reputation
    FROM profile_voice
),
followed AS (SELECT customer_no, followers FROM profile_follower),
weights AS (SELECT followers, reach, referrals, reputation FROM profile_influence_weight),
everyone AS (SELECT customer_no FROM voices UNION SELECT customer_no FROM followed),
counted AS (
    SELECT
        everyone.customer_no,
        CASE
            WHEN voices.followers IS NULL OR followed.followers > voices.followers THEN followed.followers
            ELSE voices.followers
        END AS followers,
        coalesce(voices.mentions, 0) AS mentions,
        coalesce(voices.mentions_positive, 0) AS mentions_positive,
        coalesce(voices.mentions_negative, 0) AS mentions_negative,
        coalesce(voices.toned, 0) AS toned,
        voices.reach,
        voices.weighted_reach,
        voices.largest_reach,
        coalesce(voices.referrals, 0) AS referrals,
        coalesce(voices.community_posts, 0) AS community_posts,
        coalesce(voices.community_answers, 0) AS community_answers,
        coalesce(voices.community_accepted, 0) AS community_accepted,
        coalesce(voices.community_likes, 0) AS community_likes,
        coalesce(voices.reputation, 0) AS reputation
    FROM everyone
    LEFT JOIN voices ON voices.customer_no = everyone.customer_no
    LEFT JOIN followed ON followed.customer_no = everyone.customer_no
),
-- each component is rounded before they are added: the sum is one of whole ten-thousandths, whatever the order
scored AS (
    SELECT
        counted.customer_no,
        CAST(round(CAST(weights.followers AS DOUBLE) * log10(1 + CAST(counted.followers AS DOUBLE)), 4) AS DECIMAL(9, 4)) AS influence_followers,
        CAST(
            round(
                CASE WHEN counted.weighted_reach < 0 THEN -1 ELSE 1 END * CAST(weights.reach AS DOUBLE)
                * log10(1 + abs(CAST(counted.weighted_reach AS DOUBLE))), 4
            ) AS DECIMAL(9, 4)
        ) AS influence_reach,
        CAST(round(CAST(weights.referrals AS DOUBLE) * log10(1 + CAST(counted.referrals AS DOUBLE)), 4) AS DECIMAL(9, 4)) AS influence_referrals,
        CAST(round(CAST(weights.reputation AS DOUBLE) * log10(1 + CAST(counted.reputation AS DOUBLE)), 4) AS DECIMAL(9, 4)) AS influence_reputation
    FROM counted
    CROSS JOIN weights
)
SELECT
    counted.customer_no,
    counted.followers,
    counted.mentions,
    counted.mentions_positive,
    counted.mentions_negative,
    CASE
        WHEN counted.toned = 0 THEN NULL
        WHEN counted.mentions_positive > counted.mentions_negative THEN 'advocate'
        WHEN counted.mentions_positive < counted.mentions_negative THEN 'critic'
        ELSE 'neutral'
    END AS mention_tone,
    counted.reach,
    counted.weighted_reach,
    counted.referrals,
    counted.community_posts,
    counted.community_answers,
    counted.community_accepted,
    counted.community_likes,
    counted.reputation,
    scored.influence_followers,
    scored.influence_reach,
    scored.influence_referrals,
    scored.influence_reputation,
    CAST(
        greatest(
            coalesce(scored.influence_followers, 0) + coalesce(scored.influence_reach, 0)
            + scored.influence_referrals + scored.influence_reputation, 0
        ) AS DECIMAL(9, 4)
    ) AS influence_score,
    coalesce(counted.followers, counted.largest_reach) AS audience
FROM counted
JOIN scored ON scored.customer_no = counted.customer_no
