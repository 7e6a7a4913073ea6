-- grain: record of the truth, with the customer that the build gave it
-- reads: eval_truth, eval_place
-- writes: eval_record
WITH truth AS (SELECT * FROM eval_truth),
places AS (SELECT * FROM eval_place)
SELECT
    truth.truth_no,
    truth.entity,
    places.record_no,
    coalesce(places.customer_id, concat('?', CAST(truth.truth_no AS VARCHAR))) AS customer_id
FROM truth
LEFT JOIN places ON truth.truth_no = places.truth_no
