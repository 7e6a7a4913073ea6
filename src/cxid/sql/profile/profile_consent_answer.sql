-- grain: customer x column of the profile about a permission, with the row of consent that answers it
-- reads: consent, profile_permission
-- writes: profile_consent_answer
WITH consents AS (SELECT customer_id, purpose, channel, status FROM consent),
wanted AS (SELECT column_name, purpose, channel FROM profile_permission),
-- what is said of both decides, then of the purpose for all channels, then of all purposes
ranked AS (
    SELECT
        consents.customer_id,
        wanted.column_name,
        consents.status,
        row_number() OVER (
            PARTITION BY consents.customer_id, wanted.column_name
            ORDER BY
                CASE WHEN consents.purpose = wanted.purpose THEN 0 ELSE 1 END,
                CASE WHEN consents.channel = wanted.channel THEN 0 ELSE 1 END
        ) AS place
    FROM consents
    JOIN wanted
        ON (consents.purpose = wanted.purpose OR consents.purpose = '')
        AND (consents.channel = wanted.channel OR consents.channel = '')
)
SELECT customer_id, column_name, status FROM ranked WHERE place = 1
