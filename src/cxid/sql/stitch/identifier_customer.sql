-- grain: identifier
-- reads: stitch_owner, stitch_identifier, stitch_customer_id
-- writes: identifier_customer
WITH owners AS (
    SELECT * FROM stitch_owner
),

identifiers AS (
    SELECT * FROM stitch_identifier
),

customer_ids AS (
    SELECT * FROM stitch_customer_id
),

counted AS (
    SELECT customer_no, count(*) AS identifiers FROM owners GROUP BY customer_no
)

SELECT
    identifiers.id_type,
    identifiers.id_value,
    customer_ids.customer_id,
    CASE WHEN owners.customer_no < 0 AND counted.identifiers = 1 THEN 'single' ELSE 'stitch' END AS link_kind,
    owners.probability
FROM owners
INNER JOIN identifiers ON owners.identifier_no = identifiers.identifier_no
INNER JOIN customer_ids ON owners.customer_no = customer_ids.customer_no
INNER JOIN counted ON owners.customer_no = counted.customer_no
