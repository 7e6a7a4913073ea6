-- grain: purpose and channel of permissions
-- reads: consent
-- writes: report_consents
WITH
words AS (SELECT purpose, channel, status, conflict FROM consent)

SELECT
    purpose AS label,
    channel,
    count(CASE WHEN status = 'granted' THEN 1 END) AS granted,
    count(CASE WHEN status = 'denied' THEN 1 END) AS denied,
    count(CASE WHEN status = 'unknown' THEN 1 END) AS unknown,
    count(CASE WHEN conflict THEN 1 END) AS conflicts
FROM words
GROUP BY purpose, channel
ORDER BY purpose, channel
