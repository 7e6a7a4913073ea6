-- grain: customer of whom some word is known
-- reads: consent, profile_number
-- writes: profile_consent_text
WITH consents AS (SELECT customer_id, purpose, channel, status, time, expires_at, conflict FROM consent),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
named AS (
    SELECT
        customer_id, status, time, expires_at, conflict,
        CASE
            WHEN channel = '' THEN coalesce(nullif(purpose, ''), 'anything')
            ELSE coalesce(nullif(purpose, ''), 'anything') || '/' || channel
        END AS what
    FROM consents
),
granted AS (
    SELECT customer_id, array_to_string(list_sort(list(what)), ',') AS listed
    FROM named WHERE status = 'granted' GROUP BY customer_id
),
denied AS (
    SELECT customer_id, array_to_string(list_sort(list(what)), ',') AS listed
    FROM named WHERE status = 'denied' GROUP BY customer_id
),
figures AS (
    SELECT
        customer_id,
        CAST(sum(CASE WHEN conflict THEN 1 ELSE 0 END) AS BIGINT) AS consent_conflicts,
        max(time) AS consent_said_at,
        min(CASE WHEN status = 'granted' THEN expires_at END) AS consent_expires_at
    FROM named
    GROUP BY customer_id
)
SELECT
    numbers.customer_no,
    granted.listed AS consent_granted,
    denied.listed AS consent_denied,
    figures.consent_conflicts,
    figures.consent_said_at,
    figures.consent_expires_at
FROM figures
JOIN numbers ON numbers.customer_id = figures.customer_id
LEFT JOIN granted ON granted.customer_id = figures.customer_id
LEFT JOIN denied ON denied.customer_id = figures.customer_id
