-- grain: record
-- reads: stitch_record_link, stitch_customer_id
-- writes: record_customer
WITH links AS (
    SELECT * FROM stitch_record_link
),

customer_ids AS (
    SELECT * FROM stitch_customer_id
)

SELECT
    links.record_no,
    customer_ids.customer_id,
    links.link_kind,
    links.probability
FROM links
INNER JOIN customer_ids ON links.cluster = customer_ids.customer_no
ORDER BY links.record_no
