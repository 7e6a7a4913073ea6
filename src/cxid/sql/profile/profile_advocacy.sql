-- grain: customer with followers or a voice
-- reads: profile_influence, profile_influence_weight, profile_influence_tier
-- writes: profile_advocacy
WITH influence AS (
    SELECT
        customer_no, followers, mentions, mentions_positive, mentions_negative, mention_tone, reach, weighted_reach, referrals,
        community_posts, community_answers, community_accepted, community_likes, reputation, influence_followers,
        influence_reach, influence_referrals, influence_reputation, influence_score, audience
    FROM profile_influence
),
weights AS (SELECT influencers FROM profile_influence_weight),
tiers AS (SELECT tier, audience FROM profile_influence_tier),
reached AS (
    SELECT influence.customer_no, max(tiers.audience) AS audience
    FROM influence
    JOIN tiers ON tiers.audience <= influence.audience
    GROUP BY influence.customer_no
),
ranked AS (
    SELECT
        customer_no,
        rank() OVER (ORDER BY influence_score) - 1 AS lower_scores,
        rank() OVER (ORDER BY influence_score DESC) - 1 AS higher_scores,
        count(*) OVER () AS everyone
    FROM influence
)
SELECT
    influence.customer_no,
    influence.followers,
    influence.mentions,
    influence.mentions_positive,
    influence.mentions_negative,
    influence.mention_tone,
    influence.reach,
    influence.weighted_reach,
    influence.referrals,
    influence.community_posts,
    influence.community_answers,
    influence.community_accepted,
    influence.community_likes,
    influence.reputation,
    influence.influence_followers,
    influence.influence_reach,
    influence.influence_referrals,
    influence.influence_reputation,
    influence.influence_score,
    CAST(CAST(100 * ranked.lower_scores AS DOUBLE) / CAST(ranked.everyone AS DOUBLE) AS DECIMAL(9, 2)) AS influence_percentile,
    tiers.tier AS influence_tier,
    -- parts of a million on both sides: no rounding decides who is in
    influence.influence_score > 0 AND 1000000 * ranked.higher_scores < weights.influencers * ranked.everyone AS is_influencer
FROM influence
JOIN ranked ON ranked.customer_no = influence.customer_no
CROSS JOIN weights
LEFT JOIN reached ON reached.customer_no = influence.customer_no
LEFT JOIN tiers ON tiers.audience = reached.audience
