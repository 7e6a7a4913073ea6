-- grain: customer of the run before x customer of the run after that share members, where those lead from one to the other
-- reads: diff_overlap, diff_before_member, diff_after_member
-- writes: diff_shared
WITH shared AS (
    SELECT before_id, after_id, records, identifiers
    FROM diff_overlap
    WHERE before_id IS NOT NULL AND after_id IS NOT NULL
)

-- identifiers alone lead from a customer without records or to one, as in the lineage of ids
SELECT shared.before_id, shared.after_id, shared.records, shared.identifiers
FROM shared
INNER JOIN diff_before_member AS then_held ON shared.before_id = then_held.customer_id
INNER JOIN diff_after_member AS now_held ON shared.after_id = now_held.customer_id
WHERE shared.records > 0 OR then_held.records = 0 OR now_held.records = 0
