-- grain: customer of several records that a doubtful link holds, those with most to lose first
-- reads: customer
-- writes: review_doubtful
SELECT customer_id, weakest, record_count
FROM customer
WHERE record_count > 1 AND weakest < 1000000
ORDER BY (1000000 - weakest) * record_count * record_count DESC, customer_id
LIMIT $most
