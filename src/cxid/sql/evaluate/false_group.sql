-- grain: customer that holds records of several entities
-- reads: eval_record
-- writes: false_group
WITH records AS (SELECT * FROM eval_record),
cells AS (
    SELECT customer_id, entity, count(*) AS records FROM records GROUP BY customer_id, entity
)
SELECT
    customer_id,
    CAST(sum(records) AS BIGINT) AS records,
    count(*) AS entities,
    CAST((sum(records) * sum(records) - sum(records * records)) / 2 AS BIGINT) AS false_pairs
FROM cells
GROUP BY customer_id
HAVING count(*) > 1
ORDER BY false_pairs DESC, customer_id
LIMIT $most
