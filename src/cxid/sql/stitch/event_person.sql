-- grain: event that an identifier of a person assigns
-- reads: stitch_event_named, stitch_event_disputed
-- writes: stitch_event_person
WITH named AS (
    SELECT * FROM stitch_event_named WHERE customer_no IS NOT NULL
),

disputed AS (
    SELECT * FROM stitch_event_disputed
)

SELECT event_no, customer_no, identifier_no FROM named
UNION ALL
SELECT event_no, customer_no, identifier_no FROM disputed
