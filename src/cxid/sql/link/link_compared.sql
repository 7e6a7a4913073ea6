-- grain: pair of records that was compared
-- reads: link_candidate
-- writes: link_compared
WITH candidate AS (SELECT pair, pattern FROM link_candidate)
SELECT
    CAST(pair // 2147483648 AS BIGINT) AS record_no_a,
    CAST(pair % 2147483648 AS BIGINT) AS record_no_b,
    pattern
FROM candidate
ORDER BY record_no_a, record_no_b
