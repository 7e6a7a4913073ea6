-- grain: customer x purpose x channel x identifier, with its last word on it; '' stands for every purpose and every channel
-- reads: profile_consent_asked, profile_consent_word
-- writes: profile_consent_last
WITH asked AS (SELECT customer_no, purpose, channel FROM profile_consent_asked),
words AS (
    SELECT customer_no, id_type, id_value, source, purpose, channel, status, mildness, time, expires_at, is_later
    FROM profile_consent_word
),
bearing AS (
    SELECT
        asked.customer_no, asked.purpose, asked.channel,
        words.id_type, words.id_value, words.source, words.status, words.mildness, words.time, words.expires_at,
        words.is_later
    FROM asked
    JOIN words ON words.customer_no = asked.customer_no
    WHERE (words.purpose = asked.purpose OR words.purpose = '') AND (words.channel = asked.channel OR words.channel = '')
),
ranked AS (
    SELECT
        customer_no, purpose, channel, id_type, id_value, source, status, time, expires_at, is_later,
        row_number() OVER (
            PARTITION BY customer_no, purpose, channel, id_type, id_value
            ORDER BY
                CASE WHEN is_later THEN 1 ELSE 0 END,
                -- a refusal without a time may be the last word
                CASE WHEN time IS NULL AND mildness = 0 THEN 0 ELSE 1 END,
                time DESC NULLS LAST,
                mildness,
                expires_at NULLS LAST,
                status,
                source
        ) AS place,
        max(CASE WHEN is_later AND mildness = 0 THEN time END) OVER (
            PARTITION BY customer_no, purpose, channel, id_type, id_value
        ) AS withdrawn_at
    FROM bearing
)
SELECT
    customer_no, purpose, channel, id_type, id_value, source, time, expires_at, withdrawn_at,
    CASE WHEN is_later THEN 'unknown' ELSE status END AS status
FROM ranked
WHERE place = 1
