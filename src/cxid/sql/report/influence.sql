-- grain: tier of audience of customers who have a score of influence, the largest audience first
-- reads: profile
-- writes: report_influence
WITH
heard AS (
    SELECT
        influence_tier AS tier, coalesce(followers, reach, 0) AS audience, is_influencer, reach,
        influence_followers, influence_reach, influence_referrals, influence_reputation
    FROM profile
    WHERE influence_score IS NOT NULL
)

SELECT
    coalesce(tier, 'no tier') AS label,
    count(*) AS customers,
    count(CASE WHEN is_influencer THEN 1 END) AS influencers,
    CAST(coalesce(sum(reach), 0) AS BIGINT) AS reach,
    CAST(coalesce(sum(influence_followers), 0) AS DECIMAL(28, 4)) AS by_followers,
    CAST(coalesce(sum(influence_reach), 0) AS DECIMAL(28, 4)) AS by_reach,
    CAST(coalesce(sum(influence_referrals), 0) AS DECIMAL(28, 4)) AS by_referrals,
    CAST(coalesce(sum(influence_reputation), 0) AS DECIMAL(28, 4)) AS by_reputation
FROM heard
GROUP BY tier
ORDER BY CASE WHEN tier IS NULL THEN 1 ELSE 0 END, max(audience) DESC, label
