-- grain: scored pair of records inside a doubtful customer
-- reads: review_doubtful, record_customer, link_pair
-- writes: review_inside
WITH doubtful AS (SELECT customer_id FROM review_doubtful),
members AS (
    SELECT record_customer.record_no, record_customer.customer_id
    FROM record_customer
    INNER JOIN doubtful ON record_customer.customer_id = doubtful.customer_id
)

SELECT
    members_a.customer_id,
    link_pair.record_no_a,
    link_pair.record_no_b,
    CASE WHEN link_pair.rules = 0 THEN 1000000 ELSE link_pair.probability END AS probability,
    link_pair.weight
FROM link_pair
INNER JOIN members AS members_a ON link_pair.record_no_a = members_a.record_no
INNER JOIN members AS members_b
    ON link_pair.record_no_b = members_b.record_no AND members_a.customer_id = members_b.customer_id
