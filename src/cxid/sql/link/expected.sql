-- grain: one row
-- reads: link_pair, link_record
-- writes: link_expected
WITH pair AS (SELECT * FROM link_pair WHERE weight >= $cut),
copy AS (SELECT record_no, CAST(copies AS BIGINT) AS copies FROM link_record),
-- two times the pairs of records that each stands for, identical ones counted; those under rule 0 stand beside the first
counted AS (
    SELECT
        CASE WHEN p.rules = 0 THEN a.copies ELSE 2 * a.copies * b.copies END AS twice,
        p.probability
    FROM pair AS p
    JOIN copy AS a ON a.record_no = p.record_no_a
    LEFT JOIN copy AS b ON b.record_no = p.record_no_b
)
SELECT
    coalesce(sum(twice), 0) AS pairs,
    coalesce(sum(twice * probability), 0) AS millionths
FROM counted
