-- grain: two customers who share a telephone number or an e-mail address
-- reads: household_contact, household_key, household_name, household_place
-- writes: household_contact_pair
WITH contacts AS (SELECT id_type, id_value, customer_no FROM household_contact),
addresses AS (SELECT kind, text, customer_no FROM household_key),
names AS (SELECT customer_no, name FROM household_name),
places AS (SELECT customer_no FROM household_place),
pairs AS (
    SELECT DISTINCT x.customer_no AS a, y.customer_no AS b
    FROM contacts AS x
    JOIN contacts AS y ON y.id_type = x.id_type AND y.id_value = x.id_value
    WHERE x.customer_no < y.customer_no
),
together AS (
    SELECT DISTINCT pairs.a, pairs.b
    FROM pairs
    JOIN addresses AS x ON x.customer_no = pairs.a
    JOIN addresses AS y ON y.customer_no = pairs.b AND y.kind = x.kind AND y.text = x.text
),
namesakes AS (
    SELECT DISTINCT pairs.a, pairs.b
    FROM pairs
    JOIN names AS x ON x.customer_no = pairs.a
    JOIN names AS y ON y.customer_no = pairs.b AND y.name = x.name
)
SELECT
    pairs.a,
    pairs.b,
    together.a IS NOT NULL AS is_one_address,
    namesakes.a IS NOT NULL AS is_one_name,
    place_a.customer_no IS NOT NULL AND place_b.customer_no IS NOT NULL AS has_both_places
FROM pairs
LEFT JOIN together ON together.a = pairs.a AND together.b = pairs.b
LEFT JOIN namesakes ON namesakes.a = pairs.a AND namesakes.b = pairs.b
LEFT JOIN places AS place_a ON place_a.customer_no = pairs.a
LEFT JOIN places AS place_b ON place_b.customer_no = pairs.b
