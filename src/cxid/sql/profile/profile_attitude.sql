-- grain: customer who answered a survey
-- reads: profile_event
-- writes: profile_attitude
WITH answers AS (
    SELECT customer_id, time, score FROM profile_event
    WHERE kind = 'survey' AND score BETWEEN 0 AND 10 AND (type IS NULL OR type LIKE '%nps%')
),
answered AS (SELECT customer_id, count(*) AS surveys FROM profile_event WHERE kind = 'survey' GROUP BY customer_id),
latest AS (SELECT customer_id, max(time) AS time FROM answers GROUP BY customer_id),
-- of two answers in one moment the lower counts
last_answers AS (
    SELECT answers.customer_id, min(answers.score) AS score
    FROM answers
    JOIN latest ON latest.customer_id = answers.customer_id AND latest.time = answers.time
    GROUP BY answers.customer_id
)
SELECT
    answered.customer_id,
    answered.surveys,
    last_answers.score AS nps_last,
    CASE
        WHEN last_answers.score >= 9 THEN 'promoter'
        WHEN last_answers.score >= 7 THEN 'passive'
        WHEN last_answers.score IS NOT NULL THEN 'detractor'
    END AS nps_group,
    latest.time AS nps_at
FROM answered
LEFT JOIN last_answers ON last_answers.customer_id = answered.customer_id
LEFT JOIN latest ON latest.customer_id = answered.customer_id
