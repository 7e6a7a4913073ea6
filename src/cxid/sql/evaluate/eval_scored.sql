-- grain: weight x blocking rules x same entity or not x same customer or not x guard, among scored pairs of records
-- reads: link_pair, eval_cell, eval_guard
-- writes: eval_scored
WITH pairs AS (SELECT * FROM link_pair),
cells AS (SELECT * FROM eval_cell),
guards AS (SELECT * FROM eval_guard),
stars AS (
    SELECT record_no_a, max(weight) AS weight, max(probability) AS probability
    FROM pairs
    WHERE rules = 0
    GROUP BY record_no_a
),
crossing AS (
    SELECT
        pairs.weight,
        pairs.probability,
        pairs.rules,
        cells_a.entity AS entity_a,
        cells_b.entity AS entity_b,
        cells_a.customer_id AS customer_a,
        cells_b.customer_id AS customer_b,
        cells_a.records * cells_b.records AS pairs
    FROM pairs
    INNER JOIN cells AS cells_a ON pairs.record_no_a = cells_a.rep
    INNER JOIN cells AS cells_b ON pairs.record_no_b = cells_b.rep
    WHERE pairs.rules <> 0
    UNION ALL
    SELECT
        stars.weight,
        stars.probability,
        CAST(0 AS BIGINT) AS rules,
        cells_a.entity AS entity_a,
        cells_b.entity AS entity_b,
        cells_a.customer_id AS customer_a,
        cells_b.customer_id AS customer_b,
        CASE
            WHEN cells_a.entity = cells_b.entity AND cells_a.customer_id = cells_b.customer_id
                THEN CAST(floor(cells_a.records * (cells_a.records - 1) / 2) AS BIGINT)
            ELSE cells_a.records * cells_b.records
        END AS pairs
    FROM stars
    INNER JOIN cells AS cells_a ON stars.record_no_a = cells_a.rep
    INNER JOIN cells AS cells_b
        ON stars.record_no_a = cells_b.rep
        AND concat(cells_a.entity, chr(31), cells_a.customer_id) <= concat(cells_b.entity, chr(31), cells_b.customer_id)
),
marked AS (
    SELECT
        weight,
        probability,
        rules,
        pairs,
        entity_a = entity_b AS is_match,
        customer_a = customer_b AS is_joined,
        least(customer_a, customer_b) AS customer_a,
        greatest(customer_a, customer_b) AS customer_b
    FROM crossing
)
SELECT
    marked.weight,
    marked.probability,
    marked.rules,
    marked.is_match,
    marked.is_joined,
    CASE WHEN marked.is_joined THEN '' ELSE coalesce(guards.guard, '') END AS guard,
    CAST(sum(marked.pairs) AS BIGINT) AS pairs
FROM marked
LEFT JOIN guards ON marked.customer_a = guards.customer_a AND marked.customer_b = guards.customer_b
WHERE marked.pairs > 0
GROUP BY
    marked.weight,
    marked.probability,
    marked.rules,
    marked.is_match,
    marked.is_joined,
    CASE WHEN marked.is_joined THEN '' ELSE coalesce(guards.guard, '') END
