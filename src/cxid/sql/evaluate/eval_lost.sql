-- grain: pair of records of one entity that lie in different customers and have no score
-- reads: eval_record, eval_member, link_pair
-- writes: eval_lost
WITH records AS (
    SELECT entity, record_no, customer_id
    FROM eval_record
    WHERE record_no IS NOT NULL AND substr(md5(entity), 1, 4) <= $below
),
members AS (SELECT * FROM eval_member),
pairs AS (SELECT record_no_a, record_no_b FROM link_pair WHERE rules <> 0),
placed AS (
    SELECT records.entity, records.record_no, records.customer_id, members.rep
    FROM records
    INNER JOIN members ON records.record_no = members.record_no
),
apart AS (
    SELECT
        a.record_no AS record_no_a,
        b.record_no AS record_no_b,
        least(a.rep, b.rep) AS rep_a,
        greatest(a.rep, b.rep) AS rep_b
    FROM placed AS a
    INNER JOIN placed AS b
        ON a.entity = b.entity AND a.record_no < b.record_no AND a.customer_id <> b.customer_id AND a.rep <> b.rep
)
SELECT
    apart.record_no_a,
    apart.record_no_b
FROM apart
LEFT JOIN pairs ON apart.rep_a = pairs.record_no_a AND apart.rep_b = pairs.record_no_b
WHERE pairs.record_no_a IS NULL
