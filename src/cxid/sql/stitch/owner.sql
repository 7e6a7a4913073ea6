-- grain: identifier that belongs to a customer
-- reads: stitch_candidate, stitch_device_customer
-- writes: stitch_owner
WITH candidates AS (
    SELECT * FROM stitch_candidate WHERE place = 1
),

devices AS (
    SELECT * FROM stitch_device_customer
)

SELECT identifier_no, customer_no, probability, true AS is_personal FROM candidates
UNION ALL
SELECT identifier_no, customer_no, probability, false AS is_personal FROM devices
