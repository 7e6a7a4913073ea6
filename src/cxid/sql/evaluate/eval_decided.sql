-- grain: pair of records that somebody decided, with what the build made of it
-- reads: eval_decision, record, record_customer, eval_member, link_pair
-- writes: eval_decided
WITH decisions AS (SELECT * FROM eval_decision),
records AS (SELECT record_no, source, record_key FROM record),
customers AS (SELECT record_no, customer_id FROM record_customer),
members AS (SELECT * FROM eval_member),
pairs AS (SELECT record_no_a, record_no_b, rules, weight, probability FROM link_pair),
stars AS (SELECT record_no_a, max(weight) AS weight, max(probability) AS probability FROM pairs WHERE rules = 0 GROUP BY record_no_a),
placed AS (
    SELECT
        decisions.line,
        decisions.is_match,
        records_a.record_no AS record_no_a,
        records_b.record_no AS record_no_b,
        customers_a.customer_id = customers_b.customer_id AS is_joined,
        members_a.rep AS rep_a,
        members_b.rep AS rep_b
    FROM decisions
    LEFT JOIN records AS records_a ON decisions.source_a = records_a.source AND decisions.record_key_a = records_a.record_key
    LEFT JOIN records AS records_b ON decisions.source_b = records_b.source AND decisions.record_key_b = records_b.record_key
    LEFT JOIN customers AS customers_a ON records_a.record_no = customers_a.record_no
    LEFT JOIN customers AS customers_b ON records_b.record_no = customers_b.record_no
    LEFT JOIN members AS members_a ON records_a.record_no = members_a.record_no
    LEFT JOIN members AS members_b ON records_b.record_no = members_b.record_no
)
SELECT
    placed.line,
    placed.is_match,
    placed.record_no_a,
    placed.record_no_b,
    placed.is_joined,
    CASE WHEN placed.rep_a = placed.rep_b THEN stars.weight ELSE pairs.weight END AS weight,
    CASE WHEN placed.rep_a = placed.rep_b THEN stars.probability ELSE pairs.probability END AS probability
FROM placed
LEFT JOIN pairs
    ON pairs.rules <> 0
    AND least(placed.rep_a, placed.rep_b) = pairs.record_no_a
    AND greatest(placed.rep_a, placed.rep_b) = pairs.record_no_b
LEFT JOIN stars ON placed.rep_a = stars.record_no_a
ORDER BY placed.line
