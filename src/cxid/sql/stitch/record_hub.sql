-- grain: identifier that records of too many different people carry
-- reads: stitch_crowd, stitch_record_use, stitch_cluster, stitch_person
-- writes: stitch_record_hub
WITH crowds AS (
    SELECT * FROM stitch_crowd
),

uses AS (
    SELECT * FROM stitch_record_use
),

clusters AS (
    SELECT * FROM stitch_cluster
),

persons AS (
    SELECT * FROM stitch_person
),

-- a record without name and birth date speaks for nobody; a person written in several ways is one cluster, and
-- records that nothing could join although they bear one name are one person too
counted AS (
    SELECT
        uses.identifier_no,
        count(DISTINCT clusters.cluster) AS clusters,
        count(DISTINCT persons.person) AS names
    FROM crowds
    INNER JOIN uses ON crowds.identifier_no = uses.identifier_no
    INNER JOIN persons ON uses.record_no = persons.record_no
    INNER JOIN clusters ON uses.record_no = clusters.record_no
    GROUP BY uses.identifier_no
),

-- a customer holds at most max_group records: so many records are at least this many people, named or not
estimated AS (
    SELECT
        crowds.identifier_no,
        greatest(
            least(coalesce(counted.clusters, 0), coalesce(counted.names, 0)),
            CAST(floor((crowds.records + $max_group - 1) / $max_group) AS BIGINT)
        ) AS people
    FROM crowds
    LEFT JOIN counted ON crowds.identifier_no = counted.identifier_no
)

SELECT
    identifier_no,
    people
FROM estimated
WHERE people > $hub_limit
