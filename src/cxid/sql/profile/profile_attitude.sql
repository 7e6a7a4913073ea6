-- grain: customer who answered a survey
-- reads: event, event_customer, profile_number, profile_moment
-- writes: profile_attitude
WITH surveys AS (SELECT event_no, time, lower(type) AS type, score FROM event WHERE kind = 'survey'),
owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
moment AS (SELECT as_of FROM profile_moment),
every_answer AS (
    SELECT numbers.customer_no, surveys.time, surveys.type, surveys.score
    FROM surveys
    JOIN owners ON owners.event_no = surveys.event_no
    JOIN numbers ON numbers.customer_id = owners.customer_id
    JOIN moment ON surveys.time <= moment.as_of
),
answers AS (
    SELECT customer_no, time, score FROM every_answer
    WHERE score BETWEEN 0 AND 10 AND (type IS NULL OR type LIKE '%nps%')
),
answered AS (SELECT customer_no, count(*) AS surveys FROM every_answer GROUP BY customer_no),
latest AS (SELECT customer_no, max(time) AS time FROM answers GROUP BY customer_no),
-- of two answers in one moment the lower counts
last_answers AS (
    SELECT answers.customer_no, min(answers.score) AS score
    FROM answers
    JOIN latest ON latest.customer_no = answers.customer_no AND latest.time = answers.time
    GROUP BY answers.customer_no
)
SELECT
    answered.customer_no,
    answered.surveys,
    last_answers.score AS nps_last,
    CASE
        WHEN last_answers.score >= 9 THEN 'promoter'
        WHEN last_answers.score >= 7 THEN 'passive'
        WHEN last_answers.score IS NOT NULL THEN 'detractor'
    END AS nps_group,
    latest.time AS nps_at
FROM answered
LEFT JOIN last_answers ON last_answers.customer_no = answered.customer_no
LEFT JOIN latest ON latest.customer_no = answered.customer_no
