-- grain: answer of a customer that lies on its survey's scale
-- reads: event, event_customer, profile_number, profile_moment, profile_meaning
-- writes: profile_answer
WITH surveys AS (
    SELECT event_no, time, type, score, score_worst, score_best FROM event WHERE kind = 'survey' AND score IS NOT NULL
),
owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
moment AS (SELECT as_of FROM profile_moment),
meanings AS (SELECT raw, survey FROM profile_meaning),
scaled AS (
    SELECT
        numbers.customer_no,
        surveys.time,
        coalesce(meanings.survey, 'nps') AS survey,
        surveys.score,
        coalesce(surveys.score_worst, CASE WHEN coalesce(meanings.survey, 'nps') = 'nps' THEN 0 ELSE 1 END) AS worst,
        coalesce(surveys.score_best, CASE WHEN coalesce(meanings.survey, 'nps') = 'nps' THEN 10 ELSE 5 END) AS best
    FROM surveys
    JOIN owners ON owners.event_no = surveys.event_no
    JOIN numbers ON numbers.customer_id = owners.customer_id
    JOIN moment ON surveys.time <= moment.as_of
    LEFT JOIN meanings ON meanings.raw = surveys.type
)
SELECT
    customer_no,
    time,
    survey,
    -- of 100: how far the answer is on the way from the worst to the best
    CAST(100 * CAST(score - worst AS DOUBLE) / CAST(best - worst AS DOUBLE) AS DECIMAL(9, 4)) AS way
FROM scaled
WHERE score BETWEEN least(worst, best) AND greatest(worst, best)
