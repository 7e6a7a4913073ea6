-- grain: customer x purpose x channel
-- reads: profile_consent_merged, profile_number
-- writes: consent
WITH merged AS (
    SELECT
        customer_no, purpose, channel, status, source, time, expires_at, id_type, conflict, withdrawn_at
    FROM profile_consent_merged
),
numbers AS (SELECT customer_id, customer_no FROM profile_number)
SELECT
    numbers.customer_id,
    merged.purpose,
    merged.channel,
    merged.status,
    merged.source,
    merged.time,
    merged.expires_at,
    merged.id_type,
    merged.conflict,
    merged.withdrawn_at
FROM merged
JOIN numbers ON numbers.customer_no = merged.customer_no
ORDER BY merged.customer_no, merged.purpose, merged.channel
