-- grain: customer x time in one stage
-- reads: profile_stage_span, profile_number
-- writes: customer_stage
WITH spans AS (SELECT customer_no, stage, since, until FROM profile_stage_span),
numbers AS (SELECT customer_id, customer_no FROM profile_number)
SELECT numbers.customer_id, spans.stage, spans.since, spans.until
FROM spans
JOIN numbers ON numbers.customer_no = spans.customer_no
