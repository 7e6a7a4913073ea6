-- grain: record that both runs hold, with its customer then and now
-- reads: gate_earlier, gate_present
-- writes: gate_common
WITH
earlier AS (
    SELECT source, record_key, customer_id FROM gate_earlier WHERE source <> ''
),

present AS (
    SELECT source, record_key, customer_id FROM gate_present WHERE source <> ''
)

SELECT
    earlier.source,
    earlier.customer_id AS earlier_id,
    present.customer_id
FROM earlier
INNER JOIN present ON earlier.source = present.source AND earlier.record_key = present.record_key
