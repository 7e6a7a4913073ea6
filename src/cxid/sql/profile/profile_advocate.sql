-- grain: customer x moment from which advocacy holds (1) or does not (0)
-- reads: profile_event, event
-- writes: profile_advocate
WITH acts AS (
    SELECT customer_no, event_no, act, time FROM profile_event WHERE act IN ('answer', 'mention', 'refer')
),
told AS (
    SELECT event_no, lower(type) AS type, score, sentiment FROM event WHERE score IS NOT NULL OR sentiment IS NOT NULL
),
-- of two answers or two tones in one moment the lower counts
said AS (
    SELECT
        acts.customer_no,
        acts.time,
        min(CASE WHEN acts.act = 'answer' AND told.score BETWEEN 0 AND 10 AND (told.type IS NULL OR told.type LIKE '%nps%') THEN CASE WHEN told.score >= 9 THEN 2 WHEN told.score >= 7 THEN 1 ELSE 0 END END) AS answer,
        min(CASE WHEN acts.act = 'mention' AND told.sentiment > 0 THEN 1 WHEN acts.act = 'mention' AND told.sentiment < 0 THEN 0 END) AS tone,
        max(CASE WHEN acts.act = 'refer' THEN 1 END) AS refers
    FROM acts
    LEFT JOIN told ON told.event_no = acts.event_no
    GROUP BY acts.customer_no, acts.time
),
placed AS (
    SELECT
        customer_no, time, answer, tone, refers,
        row_number() OVER (PARTITION BY customer_no ORDER BY time) AS place
    FROM said
    WHERE answer IS NOT NULL OR tone IS NOT NULL OR refers IS NOT NULL
),
-- the latest of each: the largest place that has one carries its value
carried AS (
    SELECT
        customer_no,
        time,
        max(CASE WHEN answer IS NOT NULL THEN place * 4 + answer END)
            OVER (PARTITION BY customer_no ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) % 4 AS answer,
        max(CASE WHEN tone IS NOT NULL THEN place * 4 + tone END)
            OVER (PARTITION BY customer_no ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) % 4 AS tone,
        max(refers)
            OVER (PARTITION BY customer_no ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS refers
    FROM placed
)
SELECT
    customer_no,
    time,
    CASE WHEN (answer = 2 AND tone = 1) OR (refers = 1 AND coalesce(answer, 1) >= 1) THEN 1 ELSE 0 END AS advocate
FROM carried
