-- grain: pair of records that the build joined, or compared and left apart, with its stratum
-- reads: record_customer, link_pair, eval_member
-- writes: sample_pair
WITH customers AS (SELECT record_no, customer_id FROM record_customer),
members AS (SELECT * FROM eval_member),
scores AS (SELECT record_no_a, record_no_b, rules, probability FROM link_pair),
stars AS (SELECT record_no_a AS rep, max(probability) AS probability FROM scores WHERE rules = 0 GROUP BY record_no_a),
placed AS (
    SELECT customers.record_no, customers.customer_id, members.rep
    FROM customers
    INNER JOIN members ON customers.record_no = members.record_no
),
joined AS (
    SELECT
        placed_a.record_no AS record_no_a,
        placed_b.record_no AS record_no_b,
        true AS is_joined,
        CASE WHEN placed_a.rep = placed_b.rep THEN stars.probability ELSE scores.probability END AS probability
    FROM placed AS placed_a
    INNER JOIN placed AS placed_b
        ON placed_a.customer_id = placed_b.customer_id AND placed_a.record_no < placed_b.record_no
    LEFT JOIN scores
        ON scores.rules <> 0
        AND least(placed_a.rep, placed_b.rep) = scores.record_no_a
        AND greatest(placed_a.rep, placed_b.rep) = scores.record_no_b
    LEFT JOIN stars ON placed_a.rep = stars.rep
),
apart AS (
    SELECT
        least(placed_a.record_no, placed_b.record_no) AS record_no_a,
        greatest(placed_a.record_no, placed_b.record_no) AS record_no_b,
        false AS is_joined,
        scores.probability
    FROM scores
    INNER JOIN placed AS placed_a ON scores.record_no_a = placed_a.rep
    INNER JOIN placed AS placed_b ON scores.record_no_b = placed_b.rep
    WHERE scores.rules <> 0 AND placed_a.customer_id <> placed_b.customer_id
),
every_pair AS (
    SELECT * FROM joined
    UNION ALL
    SELECT * FROM apart
)
SELECT
    record_no_a,
    record_no_b,
    probability,
    CASE
        WHEN is_joined AND probability IS NULL THEN 1
        WHEN is_joined AND probability < 500000 THEN 2
        WHEN is_joined AND probability < 950000 THEN 3
        WHEN is_joined AND probability < 999000 THEN 4
        WHEN is_joined THEN 5
        WHEN probability < 100000 THEN 6
        WHEN probability < 500000 THEN 7
        ELSE 8
    END AS stratum
FROM every_pair
