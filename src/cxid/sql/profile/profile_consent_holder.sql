-- grain: customer x identifier by which something was said; is_named: the identifier names this customer and no other
-- reads: consent_identifier, record_identifier, record_customer, identifier_customer, hub_identifier, profile_number
-- writes: profile_consent_holder
WITH said AS (SELECT DISTINCT id_type, id_value FROM consent_identifier),
numbers AS (SELECT customer_id, customer_no FROM profile_number),
hubs AS (SELECT id_type, id_value FROM hub_identifier),
named AS (
    SELECT identifier_customer.id_type, identifier_customer.id_value, numbers.customer_no
    FROM identifier_customer
    JOIN said ON said.id_type = identifier_customer.id_type AND said.id_value = identifier_customer.id_value
    JOIN numbers ON numbers.customer_id = identifier_customer.customer_id
),
-- also those on whose records it stands though it names somebody else, or nobody
carried AS (
    SELECT DISTINCT record_identifier.id_type, record_identifier.id_value, numbers.customer_no
    FROM record_identifier
    JOIN said ON said.id_type = record_identifier.id_type AND said.id_value = record_identifier.id_value
    JOIN record_customer ON record_customer.record_no = record_identifier.record_no
    JOIN numbers ON numbers.customer_id = record_customer.customer_id
),
every_holder AS (
    SELECT id_type, id_value, customer_no FROM named
    UNION
    SELECT id_type, id_value, customer_no FROM carried
),
carriers AS (SELECT id_type, id_value, count(*) AS people FROM every_holder GROUP BY id_type, id_value)
SELECT
    every_holder.customer_no,
    every_holder.id_type,
    every_holder.id_value,
    named.customer_no IS NOT NULL OR (carriers.people = 1 AND hubs.id_type IS NULL) AS is_named
FROM every_holder
JOIN carriers ON carriers.id_type = every_holder.id_type AND carriers.id_value = every_holder.id_value
LEFT JOIN named
    ON named.id_type = every_holder.id_type
    AND named.id_value = every_holder.id_value
    AND named.customer_no = every_holder.customer_no
LEFT JOIN hubs ON hubs.id_type = every_holder.id_type AND hubs.id_value = every_holder.id_value
