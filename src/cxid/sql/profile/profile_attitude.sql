-- grain: customer who answered a survey or of whom a text has a tone
-- reads: event, event_customer, profile_number, profile_moment, profile_answer, profile_tone
-- writes: profile_attitude
WITH surveys AS (SELECT event_no, time FROM event WHERE kind = 'survey'),
owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
moment AS (SELECT as_of FROM profile_moment),
asked AS (
    SELECT numbers.customer_no, count(*) AS surveys
    FROM surveys
    JOIN owners ON owners.event_no = surveys.event_no
    JOIN numbers ON numbers.customer_id = owners.customer_id
    JOIN moment ON surveys.time <= moment.as_of
    GROUP BY numbers.customer_no
),
-- the latest first; of two answers in one moment the lower counts as the latest
answers AS (
    SELECT
        customer_no, survey, time, way,
        row_number() OVER (PARTITION BY customer_no, survey ORDER BY time DESC, way) AS place
    FROM profile_answer
),
summed AS (
    SELECT
        customer_no,
        survey,
        count(*) AS answers,
        sum(way) AS total,
        max(CASE WHEN place = 1 THEN way END) AS latest,
        max(CASE WHEN place = 1 THEN time END) AS latest_at
    FROM answers
    GROUP BY customer_no, survey
),
nps AS (SELECT customer_no, answers, total, latest, latest_at FROM summed WHERE survey = 'nps'),
csat AS (SELECT customer_no, answers, total, latest, latest_at FROM summed WHERE survey = 'csat'),
tones AS (SELECT customer_no, sentiment_mean, sentiment_trend FROM profile_tone),
everyone AS (SELECT customer_no FROM asked UNION SELECT customer_no FROM tones)
SELECT
    everyone.customer_no,
    coalesce(asked.surveys, 0) AS surveys,
    coalesce(nps.answers, 0) AS nps_answers,
    CAST(nps.latest / 10 AS DECIMAL(9, 4)) AS nps_last,
    CASE
        WHEN nps.latest >= 90 THEN 'promoter'
        WHEN nps.latest >= 70 THEN 'passive'
        WHEN nps.latest IS NOT NULL THEN 'detractor'
    END AS nps_group,
    nps.latest_at AS nps_at,
    CASE
        WHEN nps.answers > 1
            THEN CAST(
                (CAST(nps.latest AS DOUBLE) - CAST(nps.total - nps.latest AS DOUBLE) / CAST(nps.answers - 1 AS DOUBLE)) / 10
                AS DECIMAL(9, 4)
            )
    END AS nps_trend,
    coalesce(csat.answers, 0) AS csat_answers,
    csat.latest AS csat_last,
    CAST(CAST(csat.total AS DOUBLE) / CAST(csat.answers AS DOUBLE) AS DECIMAL(9, 4)) AS csat_mean,
    CASE
        WHEN csat.latest >= 75 THEN 'satisfied'
        WHEN csat.latest >= 50 THEN 'neutral'
        WHEN csat.latest IS NOT NULL THEN 'dissatisfied'
    END AS csat_group,
    csat.latest_at AS csat_at,
    tones.sentiment_mean,
    tones.sentiment_trend
FROM everyone
LEFT JOIN asked ON asked.customer_no = everyone.customer_no
LEFT JOIN nps ON nps.customer_no = everyone.customer_no
LEFT JOIN csat ON csat.customer_no = everyone.customer_no
LEFT JOIN tones ON tones.customer_no = everyone.customer_no
