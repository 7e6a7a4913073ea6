-- grain: record, with the one that stands for it in scored pairs (identical records are scored once)
-- reads: link_pair, record
-- writes: eval_member
WITH stars AS (
    SELECT record_no_b AS record_no, min(record_no_a) AS rep FROM link_pair WHERE rules = 0 GROUP BY record_no_b
),
records AS (SELECT record_no FROM record)
SELECT
    records.record_no,
    coalesce(stars.rep, records.record_no) AS rep
FROM records
LEFT JOIN stars ON records.record_no = stars.record_no
