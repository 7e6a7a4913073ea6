-- grain: event whose identifiers name several customers, with the one that it goes to
-- reads: stitch_event_named, stitch_event_use, stitch_candidate
-- writes: stitch_event_disputed
WITH disputed AS (
    SELECT event_no FROM stitch_event_named WHERE customer_no IS NULL
),

uses AS (
    SELECT event_no, identifier_no, rank FROM stitch_event_use WHERE is_personal
),

candidates AS (
    SELECT * FROM stitch_candidate
),

claims AS (
    SELECT
        disputed.event_no,
        candidates.customer_no,
        min(CASE WHEN candidates.is_shared THEN 1 ELSE 0 END) AS is_shared,
        min(CASE WHEN candidates.is_shared THEN 99 ELSE uses.rank END) AS rank,
        count(*) AS named_by,
        min(candidates.place) AS place,
        min(uses.identifier_no) AS identifier_no
    FROM disputed
    INNER JOIN uses ON disputed.event_no = uses.event_no
    INNER JOIN candidates ON uses.identifier_no = candidates.identifier_no
    GROUP BY disputed.event_no, candidates.customer_no
),

-- an identifier that names one person outweighs one that a family shares; an account outweighs a card
ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY event_no ORDER BY is_shared, rank, named_by DESC, place, identifier_no, customer_no
        ) AS choice
    FROM claims
)

SELECT
    event_no,
    customer_no,
    identifier_no
FROM ranked
WHERE choice = 1
