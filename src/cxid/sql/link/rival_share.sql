-- grain: source, with another source
-- reads: link_rival_end, link_rival_kept, record_norm
-- writes: link_rival_share
WITH rival_end AS (SELECT * FROM link_rival_end),
kept AS (SELECT * FROM link_rival_kept),
size AS (SELECT source, count(*) AS records FROM record_norm GROUP BY source),
best AS (
    SELECT source, other_source, record_no, max(probability) AS probability
    FROM rival_end
    GROUP BY source, other_source, record_no
),
-- how many of a million records of the source have nobody to be in the other one
counted AS (
    SELECT
        b.source,
        b.other_source,
        greatest(
            $fewest_alone, 1000000 - CAST(floor(CAST(sum(b.probability) AS DOUBLE) / min(s.records)) AS BIGINT)
        ) AS alone
    FROM best AS b
    JOIN size AS s ON s.source = b.source
    GROUP BY b.source, b.other_source
)
SELECT
    coalesce(k.source, c.source) AS source,
    coalesce(k.other_source, c.other_source) AS other_source,
    CAST(coalesce(k.alone, c.alone) AS BIGINT) AS alone
FROM counted AS c
FULL OUTER JOIN kept AS k ON k.source = c.source AND k.other_source = c.other_source
