-- grain: component that needs agglomeration, with the batch that it is worked on in
-- reads: stitch_component, stitch_trouble
-- writes: stitch_hard_component
WITH components AS (
    SELECT * FROM stitch_component
),

troubles AS (
    SELECT * FROM stitch_trouble
),

hard AS (
    SELECT
        components.component,
        components.edges
    FROM components
    LEFT JOIN troubles ON components.component = troubles.component
    WHERE NOT components.is_clique OR components.records > $max_group OR troubles.component IS NOT NULL
)

SELECT
    component,
    CAST(floor((sum(edges) OVER (ORDER BY component) - edges) / $batch_edges) AS BIGINT) AS batch
FROM hard
