-- grain: customer of the run after that holds members of a customer of another id
-- reads: diff_overlap
-- writes: diff_touched
SELECT DISTINCT after_id
FROM diff_overlap
WHERE before_id IS NOT NULL AND after_id IS NOT NULL AND before_id <> after_id
