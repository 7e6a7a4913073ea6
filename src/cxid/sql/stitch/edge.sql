-- grain: pair of nodes with evidence for or against one person
-- reads: stitch_scored, stitch_shared
-- writes: stitch_edge
WITH scored AS (
    SELECT * FROM stitch_scored
),

shared AS (
    SELECT * FROM stitch_shared
),

both_kinds AS (
    SELECT
        coalesce(scored.a, shared.a) AS a,
        coalesce(scored.b, shared.b) AS b,
        CASE WHEN scored.weight IS NOT NULL THEN least(greatest(scored.weight, $smallest), $largest) END AS scored_weight,
        scored.probability,
        scored.household,
        shared.id_type,
        shared.contradicted
    FROM scored
    FULL OUTER JOIN shared ON scored.a = shared.a AND scored.b = shared.b
),

-- a family shares cards and inboxes: there a shared identifier says little; and none outweighs a score that is sure
judged AS (
    SELECT
        *,
        CASE
            WHEN id_type IS NULL THEN 0
            WHEN contradicted OR coalesce(household, 0) >= 500000 THEN $family
            WHEN coalesce(scored_weight, $unscored) + $largest < $cut THEN 0
            ELSE $identifier
        END AS added,
        coalesce(scored_weight, CASE WHEN contradicted THEN $smallest ELSE $unscored END) AS base
    FROM both_kinds
)

SELECT
    a,
    b,
    base + added AS weight,
    base AS weight_without,
    CASE WHEN added = 0 THEN probability END AS probability,
    id_type
FROM judged
