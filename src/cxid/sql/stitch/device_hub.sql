-- grain: device that too many people used
-- reads: stitch_login
-- writes: stitch_device_hub
WITH logins AS (
    SELECT * FROM stitch_login WHERE place = 1
)

SELECT
    identifier_no,
    customers AS people
FROM logins
WHERE customers > $hub_limit
