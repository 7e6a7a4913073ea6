-- grain: customer of then x customer of today who share members
-- reads: record_customer, today_record_customer, identifier_customer, today_identifier_customer
-- writes: sim_vote
WITH records AS (
    SELECT then_.customer_id AS then_id, today.customer_id AS today_id
    FROM record_customer AS then_
    INNER JOIN today_record_customer AS today ON then_.record_no = today.record_no
),

identifiers AS (
    SELECT then_.customer_id AS then_id, today.customer_id AS today_id
    FROM identifier_customer AS then_
    INNER JOIN today_identifier_customer AS today
        ON then_.id_type = today.id_type AND then_.id_value = today.id_value
),

votes AS (
    SELECT then_id, today_id, 1 AS records, 0 AS identifiers FROM records
    UNION ALL
    SELECT then_id, today_id, 0 AS records, 1 AS identifiers FROM identifiers
)

SELECT
    then_id,
    today_id,
    CAST(sum(records) AS BIGINT) AS records,
    CAST(sum(identifiers) AS BIGINT) AS identifiers
FROM votes
GROUP BY then_id, today_id
