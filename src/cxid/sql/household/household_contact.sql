-- grain: telephone number or e-mail address x customer, of those that two to five customers have
-- reads: record_identifier, household_owner, hub_identifier
-- writes: household_contact
WITH identifiers AS (
    SELECT record_no, id_type, id_value FROM record_identifier WHERE id_type IN ('phone', 'email')
),
owners AS (SELECT record_no, customer_no FROM household_owner),
hubs AS (SELECT id_type, id_value FROM hub_identifier),
held AS (
    SELECT DISTINCT identifiers.id_type, identifiers.id_value, owners.customer_no
    FROM identifiers
    JOIN owners ON owners.record_no = identifiers.record_no
),
shared AS (
    SELECT held.id_type, held.id_value
    FROM held
    LEFT JOIN hubs ON hubs.id_type = held.id_type AND hubs.id_value = held.id_value
    WHERE hubs.id_type IS NULL
    GROUP BY held.id_type, held.id_value
    HAVING count(*) BETWEEN 2 AND 5
)
SELECT held.id_type, held.id_value, held.customer_no
FROM held
JOIN shared ON shared.id_type = held.id_type AND shared.id_value = held.id_value
