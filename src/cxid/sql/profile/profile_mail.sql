-- grain: customer who was sent an e-mail, or opened one, or unsubscribed
-- reads: profile_event, profile_moment
-- writes: profile_mail
WITH acts AS (
    SELECT
        customer_no,
        act,
        time,
        coalesce(campaign, '') AS campaign,
        CASE act WHEN 'delivered' THEN 2 WHEN 'sent' THEN 1 ELSE 3 END AS step
    FROM profile_event
    WHERE channel = 'email' AND act IN ('sent', 'delivered', 'bounce', 'open', 'click', 'unsubscribe')
),
-- what the company logs: the sending, else the delivery, is a mail
logged AS (
    SELECT
        max(CASE WHEN act = 'sent' THEN 1 ELSE 0 END) AS sends,
        max(CASE WHEN act = 'delivered' THEN 1 ELSE 0 END) AS delivers,
        max(CASE WHEN act = 'open' THEN 1 ELSE 0 END) AS opens,
        max(CASE WHEN act = 'click' THEN 1 ELSE 0 END) AS clicks
    FROM acts
),
-- an answer belongs to the latest mail of its campaign before it; sends of one moment are one mail
numbered AS (
    SELECT
        acts.customer_no,
        acts.act,
        acts.time,
        acts.campaign,
        sum(CASE WHEN (acts.act = 'sent') OR (acts.act = 'delivered' AND logged.sends = 0) THEN 1 ELSE 0 END)
            OVER (
                PARTITION BY acts.customer_no, acts.campaign ORDER BY acts.time, acts.step
                RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS mail
    FROM acts
    CROSS JOIN logged
),
mails AS (
    SELECT
        customer_no,
        campaign,
        mail,
        max(CASE WHEN act = 'bounce' THEN 1 ELSE 0 END) AS bounced,
        max(CASE WHEN act IN ('open', 'click') THEN 1 ELSE 0 END) AS opened,
        max(CASE WHEN act = 'click' THEN 1 ELSE 0 END) AS clicked
    FROM numbered
    GROUP BY customer_no, campaign, mail
),
answered AS (
    SELECT
        customer_no,
        count(CASE WHEN mail > 0 THEN 1 END) AS sent,
        sum(bounced) AS bounced,
        sum(opened) AS opened,
        sum(clicked) AS clicked,
        count(CASE WHEN mail > 0 AND bounced = 0 THEN 1 END) AS reached,
        sum(CASE WHEN mail > 0 AND bounced = 0 THEN opened ELSE 0 END) AS reached_opened,
        sum(CASE WHEN mail > 0 AND bounced = 0 THEN clicked ELSE 0 END) AS reached_clicked
    FROM mails
    GROUP BY customer_no
),
spans AS (
    SELECT
        customer_no,
        min(CASE WHEN act IN ('sent', 'delivered') THEN time END) AS first_mail_at,
        max(CASE WHEN act = 'unsubscribe' THEN time END) AS unsubscribed_at
    FROM acts
    GROUP BY customer_no
)
SELECT
    answered.customer_no,
    CASE WHEN logged.sends + logged.delivers > 0 THEN answered.sent END AS email_sent,
    CASE WHEN logged.opens + logged.clicks > 0 THEN answered.opened END AS email_opened,
    CASE WHEN logged.clicks > 0 THEN answered.clicked END AS email_clicked,
    answered.bounced AS email_bounced,
    CASE
        WHEN answered.sent > 0
            THEN
                CAST(
                    CAST(30 * answered.sent AS DOUBLE)
                    / CAST(
                        1 + date_diff('day', CAST(spans.first_mail_at AS DATE), CAST(profile_moment.as_of AS DATE))
                        AS DOUBLE
                    ) AS DECIMAL(9, 2)
                )
    END AS email_send_rate,
    CASE
        WHEN logged.opens > 0 AND answered.reached > 0
            THEN CAST(CAST(answered.reached_opened AS DOUBLE) / CAST(answered.reached AS DOUBLE) AS DECIMAL(9, 6))
    END AS email_open_rate,
    CASE
        WHEN logged.clicks > 0 AND answered.reached > 0
            THEN CAST(CAST(answered.reached_clicked AS DOUBLE) / CAST(answered.reached AS DOUBLE) AS DECIMAL(9, 6))
    END AS email_click_rate,
    spans.unsubscribed_at AS email_unsubscribed_at
FROM answered
JOIN spans ON spans.customer_no = answered.customer_no
CROSS JOIN logged
CROSS JOIN profile_moment
