-- grain: size class of customers with records
-- reads: customer
-- writes: report_groups
WITH
customers AS (SELECT record_count FROM customer WHERE record_count > 0),

sized AS (
    SELECT
        record_count,
        CASE
            WHEN record_count <= 5 THEN record_count
            WHEN record_count <= 10 THEN 6
            WHEN record_count <= 20 THEN 11
            WHEN record_count <= 50 THEN 21
            ELSE 51
        END AS from_size
    FROM customers
)

SELECT
    CASE
        WHEN from_size <= 5 THEN CAST(from_size AS VARCHAR)
        WHEN from_size = 6 THEN '6-10'
        WHEN from_size = 11 THEN '11-20'
        WHEN from_size = 21 THEN '21-50'
        ELSE '51+'
    END AS label,
    count(*) AS customers,
    CAST(sum(record_count) AS BIGINT) AS records
FROM sized
GROUP BY from_size
ORDER BY from_size
