-- grain: customer x day with a purchase
-- reads: profile_buying, profile_usual_gap, profile_rule
-- writes: profile_silence
WITH buying AS (SELECT customer_no, place, first_at, last_at, next_at, span FROM profile_buying),
usual AS (SELECT days FROM profile_usual_gap),
rules AS (SELECT at_risk_milli, lapsed_milli FROM profile_rule),
-- the usual gap of a customer: the mean of the own gaps and two more of the company's
waits AS (
    SELECT
        buying.customer_no,
        buying.place,
        buying.first_at,
        buying.last_at,
        buying.next_at,
        CAST(ceil(CAST((2 * usual.days + buying.span) * rules.at_risk_milli AS DOUBLE) / CAST(1000 * (buying.place + 1) AS DOUBLE)) AS BIGINT) AS risk_days,
        CAST(ceil(CAST((2 * usual.days + buying.span) * rules.lapsed_milli AS DOUBLE) / CAST(1000 * (buying.place + 1) AS DOUBLE)) AS BIGINT) AS lapse_days
    FROM buying
    CROSS JOIN usual
    CROSS JOIN rules
)
SELECT
    customer_no,
    place,
    first_at,
    next_at,
    last_at + INTERVAL 1 DAY * risk_days AS risk_at,
    last_at + INTERVAL 1 DAY * greatest(lapse_days, risk_days + 1) AS lapse_at
FROM waits
