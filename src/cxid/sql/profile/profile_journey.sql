-- grain: customer with an event
-- reads: profile_event, profile_sale
-- writes: profile_journey
WITH events AS (SELECT customer_no, source, channel, time, campaign FROM profile_event),
purchases AS (
    SELECT customer_no, min(time) AS first_purchase_at FROM profile_sale WHERE is_refund = 0 GROUP BY customer_no
),
bounds AS (
    SELECT customer_no, min(time) AS first_at, max(time) AS last_at FROM events GROUP BY customer_no
),
-- events of one moment are told apart by what they say, never by their place in a file
first_texts AS (
    SELECT
        bounds.customer_no,
        min(events.channel || chr(31) || events.source || chr(31) || coalesce(events.campaign, '')) AS said
    FROM bounds
    JOIN events ON events.customer_no = bounds.customer_no AND events.time = bounds.first_at
    GROUP BY bounds.customer_no
),
last_texts AS (
    SELECT
        bounds.customer_no,
        min(events.channel || chr(31) || events.source || chr(31) || coalesce(events.campaign, '')) AS said
    FROM bounds
    JOIN events ON events.customer_no = bounds.customer_no AND events.time = bounds.last_at
    GROUP BY bounds.customer_no
),
before AS (
    SELECT purchases.customer_no, count(*) AS touches
    FROM purchases
    JOIN events ON events.customer_no = purchases.customer_no AND events.time < purchases.first_purchase_at
    GROUP BY purchases.customer_no
)
SELECT
    bounds.customer_no,
    bounds.first_at AS first_touch_at,
    split_part(first_texts.said, chr(31), 1) AS first_touch_channel,
    split_part(first_texts.said, chr(31), 2) AS first_touch_source,
    nullif(split_part(first_texts.said, chr(31), 3), '') AS first_touch_campaign,
    bounds.last_at AS last_touch_at,
    split_part(last_texts.said, chr(31), 1) AS last_touch_channel,
    split_part(last_texts.said, chr(31), 2) AS last_touch_source,
    nullif(split_part(last_texts.said, chr(31), 3), '') AS last_touch_campaign,
    CASE WHEN purchases.customer_no IS NOT NULL THEN coalesce(before.touches, 0) END AS touches_before_purchase,
    date_diff('day', CAST(bounds.first_at AS DATE), CAST(purchases.first_purchase_at AS DATE)) AS days_to_purchase
FROM bounds
JOIN first_texts ON first_texts.customer_no = bounds.customer_no
JOIN last_texts ON last_texts.customer_no = bounds.customer_no
LEFT JOIN purchases ON purchases.customer_no = bounds.customer_no
LEFT JOIN before ON before.customer_no = bounds.customer_no
