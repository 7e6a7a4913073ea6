-- grain: identifier that is not at the same customer id in both runs
-- reads: before_identity_map, after_identity_map
-- writes: diff_identifier
WITH before_identifiers AS (
    SELECT id_type, id_value, customer_id FROM before_identity_map WHERE source = ''
),

after_identifiers AS (
    SELECT id_type, id_value, customer_id FROM after_identity_map WHERE source = ''
)

SELECT
    coalesce(before_identifiers.id_type, after_identifiers.id_type) AS id_type,
    coalesce(before_identifiers.id_value, after_identifiers.id_value) AS id_value,
    before_identifiers.customer_id AS before_id,
    after_identifiers.customer_id AS after_id
FROM before_identifiers
FULL OUTER JOIN after_identifiers
    ON before_identifiers.id_type = after_identifiers.id_type
    AND before_identifiers.id_value = after_identifiers.id_value
WHERE before_identifiers.customer_id IS DISTINCT FROM after_identifiers.customer_id
