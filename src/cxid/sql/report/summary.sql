-- grain: figure of the linkage
-- reads: link_summary, link_pair, record_customer
-- writes: report_summary
WITH
-- what later builds look at is of no use to a reader
figures AS (
    SELECT * FROM link_summary
    WHERE name NOT IN (
        'model_basis', 'household_class', 'learned_in', 'learned_decisions', 'decisions_changed'
    )
),

pairs AS (SELECT record_no_a, record_no_b, weight FROM link_pair),

members AS (SELECT record_no, customer_id FROM record_customer),

joined AS (
    SELECT
        pairs.record_no_a AS a,
        pairs.record_no_b AS b,
        least(greatest(pairs.weight, -12000000), 12000000) AS weight
    FROM pairs
    INNER JOIN members AS members_a ON pairs.record_no_a = members_a.record_no
    INNER JOIN members AS members_b
        ON pairs.record_no_b = members_b.record_no AND members_a.customer_id = members_b.customer_id
),

sided AS (
    SELECT a, b, weight FROM joined
    UNION ALL
    SELECT b AS a, a AS b, weight FROM joined
),

-- a doubtful pair is borne out by a third record of the customer that goes well with both, one bit less than it does
supported AS (
    SELECT
        joined.a,
        joined.b,
        max(least(sided.weight, others.weight)) - 1000000 AS support
    FROM joined
    INNER JOIN sided ON joined.a = sided.a
    INNER JOIN sided AS others ON joined.b = others.a AND sided.b = others.b
    WHERE joined.weight < 10000000
    GROUP BY joined.a, joined.b
),

judged AS (
    SELECT
        CAST(
            round(
                1000000 / (1 + power(2, -(joined.weight + greatest(coalesce(supported.support, 0), 0)) / 1000000.0))
            ) AS BIGINT
        ) AS millionths
    FROM joined
    LEFT JOIN supported ON joined.a = supported.a AND joined.b = supported.b
),

merged AS (
    SELECT
        'expected_precision_of_customers' AS name,
        CAST(CAST(sum(millionths) AS DOUBLE) / count(*) / 1000000 AS DECIMAL(5, 4)) AS share
    FROM judged
)

SELECT
    name AS label,
    value AS amount
FROM figures
UNION ALL
SELECT
    name AS label,
    CAST(share AS VARCHAR) AS amount
FROM merged
WHERE share IS NOT NULL AND NOT EXISTS (SELECT 1 FROM figures WHERE name = 'status' AND value = 'not_identified')
ORDER BY label
