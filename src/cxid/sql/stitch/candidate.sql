-- grain: personal identifier x customer that it may name, the first in place 1; islands without records have number -island
-- reads: stitch_anchor, stitch_island, stitch_island_customer, stitch_hub, stitch_identifier
-- writes: stitch_candidate
WITH anchors AS (
    SELECT stitch_anchor.*
    FROM stitch_anchor
    INNER JOIN stitch_identifier AS identifiers
        ON stitch_anchor.identifier_no = identifiers.identifier_no AND identifiers.is_personal
    LEFT JOIN stitch_hub AS hubs ON stitch_anchor.identifier_no = hubs.identifier_no
    WHERE hubs.identifier_no IS NULL
),

islands AS (
    SELECT * FROM stitch_island
),

island_customers AS (
    SELECT * FROM stitch_island_customer
)

SELECT
    identifier_no,
    customer_no,
    place,
    customers > 1 AS is_shared,
    CAST(floor(records * 1000000 / all_records) AS INTEGER) AS probability
FROM anchors
UNION ALL
SELECT
    islands.identifier_no,
    coalesce(island_customers.customer_no, -islands.island) AS customer_no,
    1 AS place,
    false AS is_shared,
    coalesce(island_customers.probability, 1000000) AS probability
FROM islands
LEFT JOIN island_customers ON islands.island = island_customers.island
