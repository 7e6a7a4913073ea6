-- grain: end of a scored pair of records from two sources, with what it says that others were candidates too
-- reads: link_rival_end, link_rival_share, link_pair
-- writes: link_rival
WITH rival_end AS (SELECT * FROM link_rival_end),
share AS (SELECT * FROM link_rival_share),
pair AS (SELECT record_no_a, record_no_b, weight FROM link_pair),
top AS (SELECT * FROM rival_end WHERE place <= $most AND rules <> 0),
-- a rival that is one person with the candidate, by their own pair, is none; else it may still be, by so many bits
against AS (
    SELECT
        e.record_no,
        e.other,
        r.odds,
        CASE
            WHEN r.is_alone THEN 0
            ELSE CAST(floor(
                r.odds * power(2, -least($apart, coalesce(-p.weight, $apart)) / 1000000.0)
            ) AS BIGINT)
        END AS same
    FROM rival_end AS e
    JOIN top AS r ON r.record_no = e.record_no AND r.other_source = e.other_source AND r.other <> e.other
    LEFT JOIN pair AS p ON p.record_no_a = least(e.other, r.other) AND p.record_no_b = greatest(e.other, r.other)
    WHERE e.rules <> 0 AND coalesce(p.weight, -1) < 0
),
summed AS (
    SELECT record_no, other, CAST(sum(odds) AS BIGINT) AS odds, CAST(sum(same) AS BIGINT) AS same
    FROM against
    GROUP BY record_no, other
)
SELECT
    e.record_no,
    e.other,
    CAST(round(1000000 * (
        log2(1000000.0 + coalesce(s.same, 0)) - log2(CAST(share.alone + coalesce(s.odds, 0) AS DOUBLE))
    )) AS BIGINT) AS bits
FROM rival_end AS e
JOIN share ON share.source = e.source AND share.other_source = e.other_source
LEFT JOIN summed AS s ON s.record_no = e.record_no AND s.other = e.other
WHERE e.rules <> 0
