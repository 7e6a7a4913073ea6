-- grain: customer x slot that has losing values
-- reads: golden_choice, record
-- writes: golden_loser
WITH losers AS (
    SELECT customer_no, slot_no, raw, norm, ord, record_no FROM golden_choice WHERE NOT wins
),
winners AS (SELECT customer_no, slot_no, norm FROM golden_choice WHERE wins),
records AS (SELECT record_no, source, record_key FROM record),
written AS (
    SELECT
        losers.customer_no,
        losers.slot_no,
        -- a number of fixed width in front sorts the texts as the values rank
        lpad(CAST(losers.ord AS VARCHAR), 19, '0')
            || to_json({'value': losers.raw, 'source': records.source, 'record_key': records.record_key}) AS entry,
        CASE WHEN losers.norm <> winners.norm THEN 1 ELSE 0 END AS differs
    FROM losers
    JOIN winners ON winners.customer_no = losers.customer_no AND winners.slot_no = losers.slot_no
    JOIN records ON records.record_no = losers.record_no
)
SELECT
    customer_no,
    slot_no,
    '[' || array_to_string(list_transform(list_sort(list(entry)), lambda e: substr(e, 20)), ',') || ']' AS losing_values,
    max(differs) = 1 AS conflict
FROM written
GROUP BY customer_no, slot_no
