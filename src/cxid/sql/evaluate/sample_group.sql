-- grain: customer of two or more records, with its stratum
-- reads: match_group
-- writes: sample_group
SELECT
    customer_id,
    size,
    CASE WHEN size = 2 THEN 1 WHEN size <= 5 THEN 2 ELSE 3 END
    + CASE WHEN weakest_probability < 0.95 THEN 0 ELSE 3 END AS stratum
FROM match_group
