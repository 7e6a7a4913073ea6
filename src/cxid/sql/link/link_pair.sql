-- grain: scored pair of records
-- reads: link_candidate, link_double, link_score
-- writes: link_pair
WITH candidate AS (SELECT * FROM link_candidate),
double AS (SELECT * FROM link_double),
score AS (SELECT * FROM link_score WHERE weight >= $floor),
every AS (
    SELECT
        pair // 2147483648 AS record_no_a,
        pair % 2147483648 AS record_no_b,
        rules,
        pattern
    FROM candidate
    UNION ALL
    SELECT record_no_a, record_no_b, CAST(0 AS BIGINT) AS rules, pattern FROM double
)
SELECT
    CAST(e.record_no_a AS BIGINT) AS record_no_a,
    CAST(e.record_no_b AS BIGINT) AS record_no_b,
    e.rules,
    e.pattern,
    s.weight,
    s.probability,
    s.household,
    CAST(0 AS BIGINT) AS rivals
FROM every AS e
JOIN score AS s ON s.pattern = e.pattern
ORDER BY record_no_a, record_no_b
