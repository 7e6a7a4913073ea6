-- grain: entity whose records lie in several customers, with its two largest parts by an example record of each
-- reads: eval_record, record
-- writes: split_entity
WITH located AS (SELECT * FROM eval_record WHERE record_no IS NOT NULL),
records AS (SELECT record_no, source, record_key FROM record),
cells AS (
    SELECT entity, customer_id, count(*) AS records, min(record_no) AS record_no
    FROM located
    GROUP BY entity, customer_id
),
ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY entity ORDER BY records DESC, record_no) AS place
    FROM cells
),
splits AS (
    SELECT
        entity,
        CAST(sum(records) AS BIGINT) AS records,
        count(*) AS customers,
        CAST((sum(records) * sum(records) - sum(records * records)) / 2 AS BIGINT) AS missed_pairs,
        min(CASE WHEN place = 1 THEN record_no END) AS first_no,
        min(CASE WHEN place = 2 THEN record_no END) AS second_no
    FROM ranked
    GROUP BY entity
    HAVING count(*) > 1
    ORDER BY missed_pairs DESC, first_no
    LIMIT $most
)
SELECT
    splits.records,
    splits.customers,
    splits.missed_pairs,
    first_records.source AS source_a,
    first_records.record_key AS record_key_a,
    second_records.source AS source_b,
    second_records.record_key AS record_key_b
FROM splits
INNER JOIN records AS first_records ON splits.first_no = first_records.record_no
INNER JOIN records AS second_records ON splits.second_no = second_records.record_no
ORDER BY splits.missed_pairs DESC, splits.first_no
