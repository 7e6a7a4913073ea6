-- grain: identifier that belongs to a customer
-- reads: stitch_owner, stitch_customer_id
-- writes: stitch_identifier_link
WITH owners AS (
    SELECT * FROM stitch_owner
),

customer_ids AS (
    SELECT * FROM stitch_customer_id
),

counted AS (
    SELECT customer_no, count(*) AS identifiers FROM owners WHERE customer_no < 0 GROUP BY customer_no
)

SELECT
    owners.identifier_no,
    customer_ids.customer_id,
    CASE WHEN counted.identifiers = 1 THEN 'single' ELSE 'stitch' END AS link_kind,
    owners.probability
FROM owners
INNER JOIN customer_ids ON owners.customer_no = customer_ids.customer_no
LEFT JOIN counted ON owners.customer_no = counted.customer_no
