-- grain: source, with another source
-- reads: link_rival_end, record_norm
-- writes: link_rival_share
WITH rival_end AS (SELECT * FROM link_rival_end),
size AS (SELECT source, count(*) AS records FROM record_norm GROUP BY source),
best AS (
    SELECT source, other_source, record_no, max(probability) AS probability
    FROM rival_end
    GROUP BY source, other_source, record_no
)
-- how many of a million records of the source have nobody to be in the other one
SELECT
    b.source,
    b.other_source,
    greatest($fewest_alone, 1000000 - CAST(floor(CAST(sum(b.probability) AS DOUBLE) / min(s.records)) AS BIGINT)) AS alone
FROM best AS b
JOIN size AS s ON s.source = b.source
GROUP BY b.source, b.other_source
