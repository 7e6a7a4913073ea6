-- grain: two customers that a scored pair or a refused merge brings together, by their strongest pair
-- reads: link_pair, record_customer, refused_merge, record
-- writes: review_between
WITH owners AS (
    SELECT record_customer.record_no, record_customer.customer_id, record.source
    FROM record_customer
    INNER JOIN record ON record_customer.record_no = record.record_no
),

sizes AS (SELECT customer_id, count(*) AS records FROM record_customer GROUP BY customer_id),

refusals AS (
    SELECT
        refused_merge.record_no_a,
        refused_merge.record_no_b,
        refused_merge.guard,
        owners_a.customer_id AS customer_a,
        owners_b.customer_id AS customer_b,
        owners_a.source AS source_a,
        owners_b.source AS source_b,
        least(owners_a.customer_id, owners_b.customer_id) AS one,
        greatest(owners_a.customer_id, owners_b.customer_id) AS other
    FROM refused_merge
    INNER JOIN owners AS owners_a ON refused_merge.record_no_a = owners_a.record_no
    INNER JOIN owners AS owners_b ON refused_merge.record_no_b = owners_b.record_no
    WHERE owners_a.customer_id <> owners_b.customer_id
),

guards AS (SELECT one, other, min(guard) AS guard FROM refusals GROUP BY one, other),

-- what people decided already is no question any more
undecided AS (
    SELECT one, other, guard FROM guards
    WHERE NOT EXISTS (
        SELECT 1 FROM refusals
        WHERE refusals.one = guards.one AND refusals.other = guards.other AND refusals.guard = 'decision'
    )
),

decided AS (SELECT DISTINCT one, other FROM refusals WHERE guard = 'decision'),

scored AS (
    SELECT
        link_pair.record_no_a,
        link_pair.record_no_b,
        link_pair.probability,
        link_pair.weight,
        owners_a.customer_id AS customer_a,
        owners_b.customer_id AS customer_b,
        owners_a.source AS source_a,
        owners_b.source AS source_b,
        least(owners_a.customer_id, owners_b.customer_id) AS one,
        greatest(owners_a.customer_id, owners_b.customer_id) AS other
    FROM link_pair
    INNER JOIN owners AS owners_a ON link_pair.record_no_a = owners_a.record_no
    INNER JOIN owners AS owners_b ON link_pair.record_no_b = owners_b.record_no
    WHERE link_pair.rules <> 0 AND owners_a.customer_id <> owners_b.customer_id
),

pairs AS (
    SELECT
        scored.record_no_a, scored.record_no_b, scored.probability, scored.weight,
        scored.customer_a, scored.customer_b, scored.source_a, scored.source_b,
        scored.one, scored.other, undecided.guard
    FROM scored
    LEFT JOIN undecided ON scored.one = undecided.one AND scored.other = undecided.other
    LEFT JOIN decided ON scored.one = decided.one AND scored.other = decided.other
    WHERE decided.one IS NULL AND (scored.probability >= $floor OR undecided.guard IS NOT NULL)
    UNION ALL
    SELECT
        refusals.record_no_a, refusals.record_no_b, NULL AS probability, NULL AS weight,
        refusals.customer_a, refusals.customer_b, refusals.source_a, refusals.source_b,
        refusals.one, refusals.other, undecided.guard
    FROM refusals
    INNER JOIN undecided ON refusals.one = undecided.one AND refusals.other = undecided.other
),

ranked AS (
    SELECT
        pairs.*,
        row_number() OVER (
            PARTITION BY one, other
            ORDER BY CASE WHEN weight IS NULL THEN 1 ELSE 0 END, weight DESC, record_no_a, record_no_b
        ) AS place
    FROM pairs
    WHERE $source = '' OR source_a = $source OR source_b = $source
),

weighed AS (
    SELECT
        ranked.record_no_a,
        ranked.record_no_b,
        ranked.probability,
        coalesce(ranked.guard, '') AS guard,
        sizes_a.records AS records_a,
        sizes_b.records AS records_b,
        CASE
            WHEN ranked.probability IS NULL THEN $even
            WHEN ranked.guard IN ('never_merge', 'one_per_source', 'group_size') THEN least(ranked.probability, $even)
            ELSE ranked.probability
        END AS doubt
    FROM ranked
    INNER JOIN sizes AS sizes_a ON ranked.customer_a = sizes_a.customer_id
    INNER JOIN sizes AS sizes_b ON ranked.customer_b = sizes_b.customer_id
    WHERE ranked.place = 1
)

SELECT
    record_no_a, record_no_b, probability, guard, records_a, records_b, doubt * records_a * records_b AS stake
FROM weighed
ORDER BY stake DESC, record_no_a, record_no_b
LIMIT $most
