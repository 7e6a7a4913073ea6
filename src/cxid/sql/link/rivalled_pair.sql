-- grain: scored pair of records
-- reads: link_pair, link_rival
-- writes: link_pair
WITH pair AS (SELECT * FROM link_pair),
rival AS (SELECT * FROM link_rival),
weighed AS (
    SELECT
        p.*,
        coalesce(mine.bits + theirs.bits, 0) AS bits
    FROM pair AS p
    LEFT JOIN rival AS mine ON mine.record_no = p.record_no_a AND mine.other = p.record_no_b
    LEFT JOIN rival AS theirs ON theirs.record_no = p.record_no_b AND theirs.other = p.record_no_a
)
SELECT
    record_no_a,
    record_no_b,
    rules,
    pattern,
    weight + bits AS weight,
    CASE
        WHEN bits = 0 THEN probability
        ELSE CAST(floor(
            1000000 / (1 + power(2, -least(greatest(weight + bits, -60000000), 60000000) / 1000000.0)) + 0.5
        ) AS INTEGER)
    END AS probability,
    household,
    bits AS rivals
FROM weighed
ORDER BY record_no_a, record_no_b
