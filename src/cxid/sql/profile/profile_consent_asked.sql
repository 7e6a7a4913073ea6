-- grain: customer x purpose x channel that its words name
-- reads: profile_consent_word
-- writes: profile_consent_asked
WITH words AS (SELECT customer_no, purpose, channel FROM profile_consent_word),
purposes AS (SELECT DISTINCT customer_no, purpose FROM words),
channels AS (SELECT DISTINCT customer_no, channel FROM words)
SELECT purposes.customer_no, purposes.purpose, channels.channel
FROM purposes
JOIN channels ON channels.customer_no = purposes.customer_no
