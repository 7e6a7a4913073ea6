-- grain: scored pair of records that the build judged otherwise than the truth: joined though not a match, or apart though one
-- reads: link_pair, eval_record, eval_guard, record
-- writes: wrong_pair
WITH pairs AS (SELECT * FROM link_pair),
located AS (SELECT * FROM eval_record WHERE record_no IS NOT NULL),
guards AS (SELECT * FROM eval_guard),
records AS (SELECT record_no, source, record_key FROM record),
wrong AS (
    SELECT
        pairs.record_no_a,
        pairs.record_no_b,
        pairs.weight,
        pairs.probability,
        located_a.entity = located_b.entity AS is_match,
        least(located_a.customer_id, located_b.customer_id) AS customer_a,
        greatest(located_a.customer_id, located_b.customer_id) AS customer_b
    FROM pairs
    INNER JOIN located AS located_a ON pairs.record_no_a = located_a.record_no
    INNER JOIN located AS located_b ON pairs.record_no_b = located_b.record_no
    WHERE (located_a.entity = located_b.entity) <> (located_a.customer_id = located_b.customer_id)
),
ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY is_match ORDER BY weight DESC, record_no_a, record_no_b) AS place
    FROM wrong
)
SELECT
    ranked.is_match,
    records_a.source AS source_a,
    records_a.record_key AS record_key_a,
    records_b.source AS source_b,
    records_b.record_key AS record_key_b,
    ranked.weight,
    ranked.probability,
    CASE WHEN ranked.is_match THEN coalesce(guards.guard, '') ELSE '' END AS guard
FROM ranked
INNER JOIN records AS records_a ON ranked.record_no_a = records_a.record_no
INNER JOIN records AS records_b ON ranked.record_no_b = records_b.record_no
LEFT JOIN guards ON ranked.customer_a = guards.customer_a AND ranked.customer_b = guards.customer_b
WHERE ranked.place <= $most
ORDER BY ranked.is_match, ranked.weight DESC, ranked.record_no_a, ranked.record_no_b
