-- grain: event with an identifier that names a person; NULL customer where its identifiers do not agree
-- reads: stitch_event_use, stitch_candidate
-- writes: stitch_event_named
WITH uses AS (
    SELECT event_no, identifier_no FROM stitch_event_use WHERE is_personal
),

candidates AS (
    SELECT * FROM stitch_candidate
)

SELECT
    uses.event_no,
    CASE WHEN min(candidates.customer_no) = max(candidates.customer_no) THEN min(candidates.customer_no) END AS customer_no,
    min(uses.identifier_no) AS identifier_no
FROM uses
INNER JOIN candidates ON uses.identifier_no = candidates.identifier_no
GROUP BY uses.event_no
