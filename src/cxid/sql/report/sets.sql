-- grain: set of sources that know a customer together, the twenty with most customers
-- reads: golden_customer
-- writes: report_sets
WITH
customers AS (SELECT sources, is_known FROM golden_customer WHERE sources <> ''),

sets AS (
    SELECT
        sources,
        count(*) AS customers,
        count(CASE WHEN is_known THEN 1 END) AS known
    FROM customers
    GROUP BY sources
),

placed AS (SELECT sources, customers, known, row_number() OVER (ORDER BY customers DESC, sources) AS place FROM sets)

SELECT
    sources AS label,
    customers,
    known
FROM placed
WHERE place <= 20
ORDER BY place
