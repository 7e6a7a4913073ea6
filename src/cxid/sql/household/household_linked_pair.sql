-- grain: two customers some records of whom the linkage takes for people of one home
-- reads: link_pair, household_owner, household_key, household_crowd, household_place
-- writes: household_linked_pair
WITH scored AS (
    SELECT record_no_a, record_no_b, household + probability AS strength FROM link_pair
    WHERE household >= 250000 AND household + probability >= 500000
),
owners AS (SELECT record_no, customer_no FROM household_owner),
addresses AS (SELECT kind, text, customer_no FROM household_key),
crowds AS (SELECT kind, text, people FROM household_crowd),
places AS (SELECT customer_no, number, unit FROM household_place),
pairs AS (
    SELECT
        least(x.customer_no, y.customer_no) AS a,
        greatest(x.customer_no, y.customer_no) AS b,
        max(scored.strength) AS strength
    FROM scored
    JOIN owners AS x ON x.record_no = scored.record_no_a
    JOIN owners AS y ON y.record_no = scored.record_no_b
    WHERE x.customer_no <> y.customer_no
    GROUP BY least(x.customer_no, y.customer_no), greatest(x.customer_no, y.customer_no)
),
together AS (
    SELECT pairs.a, pairs.b, max(CASE WHEN x.kind IN ('home', 'town') THEN crowds.people END) AS people
    FROM pairs
    JOIN addresses AS x ON x.customer_no = pairs.a
    JOIN addresses AS y ON y.customer_no = pairs.b AND y.kind = x.kind AND y.text = x.text
    JOIN crowds ON crowds.kind = x.kind AND crowds.text = x.text
    GROUP BY pairs.a, pairs.b
)
SELECT pairs.a, pairs.b, pairs.strength, together.people
FROM pairs
LEFT JOIN together ON together.a = pairs.a AND together.b = pairs.b
LEFT JOIN places AS place_a ON place_a.customer_no = pairs.a
LEFT JOIN places AS place_b ON place_b.customer_no = pairs.b
WHERE
    -- two flats of one house are two homes
    (place_a.unit IS NULL OR place_b.unit IS NULL OR place_a.unit = place_b.unit)
    -- and so are two houses of one street
    AND (place_a.number IS NULL OR place_b.number IS NULL OR place_a.number = place_b.number)
    -- two places that have nothing in common are no slip of the pen
    AND (place_a.customer_no IS NULL OR place_b.customer_no IS NULL OR together.a IS NOT NULL)
