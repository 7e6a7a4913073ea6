-- grain: channel
-- reads: profile
-- writes: report_channels
WITH
profiles AS (
    SELECT
        events_web,
        events_email,
        events_mobile,
        events_social,
        events_store,
        events_support,
        events_community,
        events_event,
        events_ads,
        events_other
    FROM profile
),

counted AS (
    SELECT 1 AS channel_no, 'web' AS label, sum(events_web) AS events, count(CASE WHEN events_web > 0 THEN 1 END) AS customers FROM profiles
    UNION ALL
    SELECT 2 AS channel_no, 'email' AS label, sum(events_email) AS events, count(CASE WHEN events_email > 0 THEN 1 END) AS customers FROM profiles
    UNION ALL
    SELECT 3 AS channel_no, 'mobile' AS label, sum(events_mobile) AS events, count(CASE WHEN events_mobile > 0 THEN 1 END) AS customers FROM profiles
    UNION ALL
    SELECT 4 AS channel_no, 'social' AS label, sum(events_social) AS events, count(CASE WHEN events_social > 0 THEN 1 END) AS customers FROM profiles
    UNION ALL
    SELECT 5 AS channel_no, 'store' AS label, sum(events_store) AS events, count(CASE WHEN events_store > 0 THEN 1 END) AS customers FROM profiles
    UNION ALL
    SELECT 6 AS channel_no, 'support' AS label, sum(events_support) AS events, count(CASE WHEN events_support > 0 THEN 1 END) AS customers FROM profiles
    UNION ALL
    SELECT 7 AS channel_no, 'community' AS label, sum(events_community) AS events, count(CASE WHEN events_community > 0 THEN 1 END) AS customers FROM profiles
    UNION ALL
    SELECT 8 AS channel_no, 'event' AS label, sum(events_event) AS events, count(CASE WHEN events_event > 0 THEN 1 END) AS customers FROM profiles
    UNION ALL
    SELECT 9 AS channel_no, 'ads' AS label, sum(events_ads) AS events, count(CASE WHEN events_ads > 0 THEN 1 END) AS customers FROM profiles
    UNION ALL
    SELECT 10 AS channel_no, 'other' AS label, sum(events_other) AS events, count(CASE WHEN events_other > 0 THEN 1 END) AS customers FROM profiles
)

SELECT
    label,
    CAST(events AS BIGINT) AS events,
    customers
FROM counted
WHERE events > 0
ORDER BY channel_no
