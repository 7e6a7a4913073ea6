-- grain: move, those between customers first, the largest first
-- reads: diff_move, diff_cause
-- writes: diff_largest_move
WITH moves AS (
    SELECT * FROM diff_move
),

causes AS (
    SELECT event, customer_id, other_customer_id, cause FROM diff_cause
)

SELECT
    moves.event,
    moves.customer_id,
    moves.other_customer_id,
    moves.records,
    moves.identifiers,
    coalesce(causes.cause, '') AS cause
FROM moves
LEFT JOIN causes
    ON moves.event = causes.event
    AND moves.customer_id = causes.customer_id
    AND moves.other_customer_id = causes.other_customer_id
ORDER BY
    moves.event IN ('created', 'retired'),
    moves.records DESC,
    moves.identifiers DESC,
    moves.event,
    moves.customer_id,
    moves.other_customer_id
LIMIT $moves
