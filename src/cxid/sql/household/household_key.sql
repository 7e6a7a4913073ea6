-- grain: customer x way to write its address as one text, where another customer has the same
-- reads: household_place
-- writes: household_key
WITH places AS (SELECT customer_no, postcode, city, words, number, unit FROM household_place),
written AS (
    SELECT
        'flat' AS kind,
        concat(coalesce(postcode, city), chr(31), words, chr(31), number, chr(31), unit) AS text,
        coalesce('p' || postcode, 'c' || city) AS area,
        customer_no, number, unit
    FROM places
    WHERE words IS NOT NULL AND number IS NOT NULL AND unit IS NOT NULL
    UNION ALL
    SELECT 'home' AS kind, concat(postcode, chr(31), words, chr(31), number) AS text, 'p' || postcode AS area, customer_no, number, unit
    FROM places
    WHERE postcode IS NOT NULL AND words IS NOT NULL AND number IS NOT NULL
    UNION ALL
    SELECT 'near' AS kind, concat(postcode, chr(31), number) AS text, 'p' || postcode AS area, customer_no, number, unit
    FROM places
    WHERE postcode IS NOT NULL AND number IS NOT NULL
    UNION ALL
    SELECT 'town' AS kind, concat(city, chr(31), words, chr(31), number) AS text, 'c' || city AS area, customer_no, number, unit
    FROM places
    WHERE city IS NOT NULL AND words IS NOT NULL AND number IS NOT NULL
    UNION ALL
    SELECT 'street' AS kind, concat(postcode, chr(31), words) AS text, 'p' || postcode AS area, customer_no, number, unit
    FROM places
    WHERE postcode IS NOT NULL AND words IS NOT NULL
),
shared AS (SELECT kind, text FROM written GROUP BY kind, text HAVING count(*) > 1)
SELECT written.kind, written.text, written.area, written.customer_no, written.number, written.unit
FROM written
JOIN shared ON shared.kind = written.kind AND shared.text = written.text
