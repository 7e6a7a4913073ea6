-- grain: end of a scored pair of records from two sources
-- reads: link_pair, link_record, record_norm
-- writes: link_rival_end
WITH pair AS (SELECT * FROM link_pair),
holder AS (SELECT record_no, alone FROM link_record),
origin AS (SELECT record_no, source FROM record_norm),
every AS (
    SELECT record_no_a AS record_no, record_no_b AS other, rules, weight, probability FROM pair
    UNION ALL
    SELECT record_no_b AS record_no, record_no_a AS other, rules, weight, probability FROM pair
)
-- odds in millionths, at most 2 to the 30th: sums of a few stay whole numbers, the same in any order
SELECT
    e.record_no,
    e.other,
    mine.source,
    theirs.source AS other_source,
    holder.alone IS NOT NULL AS is_alone,
    e.rules,
    e.weight,
    e.probability,
    CAST(floor(1000000 * power(2, least(e.weight, 30000000) / 1000000.0)) AS BIGINT) AS odds,
    row_number() OVER (
        PARTITION BY e.record_no, theirs.source ORDER BY CASE WHEN e.rules = 0 THEN 1 ELSE 0 END, e.weight DESC, e.other
    ) AS place
FROM every AS e
JOIN origin AS mine ON mine.record_no = e.record_no
JOIN origin AS theirs ON theirs.record_no = e.other
LEFT JOIN holder ON holder.record_no = e.other
WHERE mine.source <> theirs.source
