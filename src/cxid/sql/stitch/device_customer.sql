-- grain: device with the customer that it belongs to; a visitor who never said who he is has number -island
-- reads: stitch_identifier, stitch_hub, stitch_login, stitch_main_partner, stitch_island_node
-- writes: stitch_device_customer
WITH identifiers AS (
    SELECT stitch_identifier.*
    FROM stitch_identifier
    LEFT JOIN stitch_hub AS hubs ON stitch_identifier.identifier_no = hubs.identifier_no
    WHERE NOT stitch_identifier.is_personal AND hubs.identifier_no IS NULL
),

logins AS (
    SELECT * FROM stitch_login WHERE place = 1
),

islands AS (
    SELECT
        identifiers.identifier_no,
        coalesce(nodes.component, identifiers.identifier_no) AS island
    FROM identifiers
    LEFT JOIN logins ON identifiers.identifier_no = logins.identifier_no
    LEFT JOIN stitch_island_node AS nodes ON identifiers.identifier_no = nodes.node
    WHERE logins.identifier_no IS NULL
),

main_partners AS (
    SELECT identifier_no, partner_no, events FROM stitch_main_partner
    UNION ALL
    SELECT partner_no AS identifier_no, identifier_no AS partner_no, events FROM stitch_main_partner
),

claims AS (
    SELECT
        islands.island,
        logins.customer_no,
        sum(main_partners.events) AS events
    FROM islands
    INNER JOIN main_partners ON islands.identifier_no = main_partners.identifier_no
    INNER JOIN logins ON main_partners.partner_no = logins.identifier_no
    GROUP BY islands.island, logins.customer_no
),

ranked AS (
    SELECT
        island,
        customer_no,
        CAST(floor(events * 1000000 / sum(events) OVER (PARTITION BY island)) AS INTEGER) AS probability,
        row_number() OVER (PARTITION BY island ORDER BY events DESC, customer_no) AS place
    FROM claims
)

SELECT
    logins.identifier_no,
    logins.customer_no,
    logins.customers,
    logins.probability,
    true AS has_login
FROM logins
INNER JOIN identifiers ON logins.identifier_no = identifiers.identifier_no
UNION ALL
SELECT
    islands.identifier_no,
    coalesce(ranked.customer_no, -islands.island) AS customer_no,
    1 AS customers,
    coalesce(ranked.probability, 1000000) AS probability,
    false AS has_login
FROM islands
LEFT JOIN ranked ON islands.island = ranked.island AND ranked.place = 1
