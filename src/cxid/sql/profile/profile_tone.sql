-- grain: customer of whom a text has a tone
-- reads: event, event_customer, profile_number, profile_moment
-- writes: profile_tone
WITH texts AS (SELECT event_no, time, sentiment FROM event WHERE sentiment BETWEEN -1 AND 1),
owners AS (SELECT event_no, customer_id FROM event_customer WHERE customer_id IS NOT NULL),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
moment AS (SELECT as_of FROM profile_moment),
toned AS (
    SELECT
        numbers.customer_no,
        texts.sentiment,
        CASE WHEN date_diff('day', CAST(texts.time AS DATE), CAST(moment.as_of AS DATE)) < 90 THEN 1 ELSE 0 END AS is_new
    FROM texts
    JOIN owners ON owners.event_no = texts.event_no
    JOIN numbers ON numbers.customer_id = owners.customer_id
    JOIN moment ON texts.time <= moment.as_of
),
totals AS (
    SELECT
        customer_no,
        count(*) AS texts,
        sum(sentiment) AS tone,
        sum(is_new) AS new_texts,
        sum(CASE WHEN is_new = 1 THEN sentiment ELSE 0 END) AS new_tone
    FROM toned
    GROUP BY customer_no
)
SELECT
    customer_no,
    CAST(CAST(tone AS DOUBLE) / CAST(texts AS DOUBLE) AS DECIMAL(9, 4)) AS sentiment_mean,
    CASE
        WHEN new_texts BETWEEN 1 AND texts - 1
            THEN CAST(
                CAST(new_tone AS DOUBLE) / CAST(new_texts AS DOUBLE)
                - CAST(tone - new_tone AS DOUBLE) / CAST(texts - new_texts AS DOUBLE)
                AS DECIMAL(9, 4)
            )
    END AS sentiment_trend
FROM totals
