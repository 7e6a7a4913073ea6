-- grain: customer x purpose x channel, with the word of all its identifiers that decides: the strictest
-- reads: profile_consent_last
-- writes: profile_consent_merged
WITH words AS (
    SELECT customer_no, purpose, channel, id_type, id_value, source, status, time, expires_at, withdrawn_at
    FROM profile_consent_last
),
ranked AS (
    SELECT
        customer_no, purpose, channel, id_type, source, status, time, expires_at,
        row_number() OVER (
            PARTITION BY customer_no, purpose, channel
            ORDER BY
                CASE status WHEN 'denied' THEN 0 WHEN 'granted' THEN 1 ELSE 2 END,
                -- of permissions the one that holds longest
                CASE WHEN status = 'granted' AND expires_at IS NULL THEN 0 ELSE 1 END,
                CASE WHEN status = 'granted' THEN expires_at END DESC NULLS LAST,
                time DESC NULLS LAST,
                source,
                id_type,
                id_value
        ) AS place,
        max(CASE WHEN status = 'granted' THEN 1 ELSE 0 END) OVER (PARTITION BY customer_no, purpose, channel)
        + max(CASE WHEN status = 'denied' THEN 1 ELSE 0 END) OVER (PARTITION BY customer_no, purpose, channel) AS sides,
        max(withdrawn_at) OVER (PARTITION BY customer_no, purpose, channel) AS withdrawn_at
    FROM words
)
SELECT
    customer_no, purpose, channel, status, source, time, expires_at, id_type,
    sides = 2 AS conflict,
    withdrawn_at
FROM ranked
WHERE place = 1
