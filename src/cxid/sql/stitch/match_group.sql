-- grain: customer with two or more records
-- reads: stitch_group, stitch_customer_id
-- writes: match_group
WITH groups AS (
    SELECT * FROM stitch_group WHERE size > 1
),

customer_ids AS (
    SELECT * FROM stitch_customer_id
),

flagged AS (
    SELECT
        *,
        concat(
            CASE WHEN weakest < $sure THEN '; weak link' ELSE '' END,
            CASE WHEN edges * 4 < size * (size - 1) THEN '; few pairs agree' ELSE '' END,
            CASE WHEN is_refused THEN '; guard refused a merge' ELSE '' END,
            CASE WHEN size >= $max_group THEN '; at the size limit' ELSE '' END
        ) AS flags
    FROM groups
)

SELECT
    customer_ids.customer_id,
    flagged.size,
    flagged.edges,
    CAST(CAST(flagged.edges * 2 AS DECIMAL(18, 6)) / (flagged.size * (flagged.size - 1)) AS DECIMAL(9, 6)) AS density,
    CAST(CAST(flagged.weakest AS DECIMAL(18, 6)) / 1000000 AS DECIMAL(9, 6)) AS weakest_probability,
    CASE WHEN flagged.flags = '' THEN '' ELSE substr(flagged.flags, 3) END AS flags
FROM flagged
INNER JOIN customer_ids ON flagged.cluster = customer_ids.customer_no
ORDER BY customer_ids.customer_id
