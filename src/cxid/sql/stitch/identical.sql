-- grain: pair of records that are identical in every compared value and score as one person
-- reads: link_pair
-- writes: stitch_identical
WITH pairs AS (
    SELECT * FROM link_pair
)

SELECT
    record_no_a AS a,
    record_no_b AS b
FROM pairs
WHERE rules = 0 AND weight >= $cut
