-- grain: entity x customer among the records that one record stands for
-- reads: eval_record, eval_member
-- writes: eval_cell
WITH records AS (SELECT * FROM eval_record WHERE record_no IS NOT NULL),
members AS (SELECT * FROM eval_member)
SELECT
    members.rep,
    records.entity,
    records.customer_id,
    count(*) AS records
FROM records
INNER JOIN members ON records.record_no = members.record_no
GROUP BY members.rep, records.entity, records.customer_id
