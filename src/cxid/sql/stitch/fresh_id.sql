-- grain: customer that gets a new id, with the id's proposal; is_used: somebody had that id before
-- reads: stitch_fresh_customer, stitch_history
-- writes: stitch_fresh_id
WITH proposals AS (
    SELECT
        customer_no,
        text,
        concat('cx_', substr(md5(concat(text, $counter)), 1, 16)) AS customer_id
    FROM stitch_fresh_customer
),

used AS (
    SELECT DISTINCT proposals.customer_id
    FROM proposals
    INNER JOIN stitch_history AS history ON proposals.customer_id = history.customer_id
)

SELECT
    proposals.customer_no,
    proposals.text,
    proposals.customer_id,
    used.customer_id IS NOT NULL AS is_used
FROM proposals
LEFT JOIN used ON proposals.customer_id = used.customer_id
