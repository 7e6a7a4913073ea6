-- grain: word of a customer: a consent row x identifier of theirs
-- reads: profile_consent_said, consent_identifier, profile_consent_holder, profile_consent_moment
-- writes: profile_consent_word
WITH said AS (SELECT consent_no, source, purpose, channel, status, time, expires_at FROM profile_consent_said),
identifiers AS (SELECT consent_no, id_type, id_value FROM consent_identifier),
holders AS (SELECT customer_no, id_type, id_value, is_named FROM profile_consent_holder),
moment AS (SELECT as_of FROM profile_consent_moment)
SELECT
    holders.customer_no,
    holders.id_type,
    holders.id_value,
    said.source,
    said.purpose,
    said.channel,
    -- as it counts at as_of: a permission that ended, or that somebody else may have given, is none
    CASE
        WHEN said.status = 'granted' AND (NOT holders.is_named OR said.expires_at <= moment.as_of) THEN 'unknown'
        ELSE said.status
    END AS status,
    -- as it was said, to tell which of two words at one time is the stricter
    CASE said.status WHEN 'denied' THEN 0 WHEN 'unknown' THEN 1 ELSE 2 END AS mildness,
    said.time,
    CASE WHEN said.status <> 'denied' THEN said.expires_at END AS expires_at,
    coalesce(said.time > moment.as_of, FALSE) AS is_later
FROM said
JOIN identifiers ON identifiers.consent_no = said.consent_no
JOIN holders ON holders.id_type = identifiers.id_type AND holders.id_value = identifiers.id_value
CROSS JOIN moment
