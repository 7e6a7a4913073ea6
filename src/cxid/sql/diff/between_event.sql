-- grain: event of the run after, with its owner under the identity of the run before
-- reads: after_event_customer, diff_event_label, diff_label
-- writes: diff_between_event
WITH owners AS (
    SELECT event_no, customer_id FROM after_event_customer
),

told AS (
    SELECT event_no, customer_id FROM diff_event_label
)

SELECT
    owners.event_no,
    CASE
        WHEN told.event_no IS NOT NULL THEN told.customer_id
        ELSE coalesce(labels.label, owners.customer_id)
    END AS customer_id
FROM owners
LEFT JOIN told ON owners.event_no = told.event_no
LEFT JOIN diff_label AS labels ON owners.customer_id = labels.after_id
