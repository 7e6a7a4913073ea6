-- grain: customer; number above 0: its smallest record; below 0: its smallest identifier
-- reads: stitch_heir, stitch_former_heir, stitch_new_id
-- writes: stitch_customer_id
SELECT customer_no, earlier_id AS customer_id FROM stitch_heir WHERE stays
UNION ALL
SELECT customer_no, earlier_id AS customer_id FROM stitch_former_heir WHERE returns
UNION ALL
SELECT customer_no, customer_id FROM stitch_new_id
