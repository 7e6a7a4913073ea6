-- grain: identifier carried by more records than one customer's worth of different people
-- reads: stitch_record_use
-- writes: stitch_crowd
WITH uses AS (
    SELECT * FROM stitch_record_use
)

SELECT
    identifier_no,
    count(*) AS records
FROM uses
GROUP BY identifier_no
HAVING count(*) > $hub_limit
