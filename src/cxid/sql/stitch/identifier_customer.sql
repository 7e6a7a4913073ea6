-- grain: identifier
-- reads: stitch_identifier_link, stitch_identifier
-- writes: identifier_customer
SELECT
    identifiers.id_type,
    identifiers.id_value,
    links.customer_id,
    links.link_kind,
    links.probability
FROM stitch_identifier_link AS links
INNER JOIN stitch_identifier AS identifiers ON links.identifier_no = identifiers.identifier_no
