-- grain: customer with a ticket or a delivery
-- reads: profile_ticket, profile_parcel
-- writes: profile_service
WITH tickets AS (
    SELECT
        customer_no, tickets, open_tickets, last_ticket_at, resolution_hours, contacts, channel_switches, reopened_tickets,
        effort
    FROM profile_ticket
),
parcels AS (SELECT customer_no, deliveries, late_deliveries, last_late_delivery_at FROM profile_parcel),
everyone AS (SELECT customer_no FROM tickets UNION SELECT customer_no FROM parcels)
SELECT
    everyone.customer_no,
    coalesce(tickets.tickets, 0) AS tickets,
    tickets.open_tickets,
    tickets.last_ticket_at,
    tickets.resolution_hours,
    coalesce(tickets.contacts, 0) AS contacts,
    coalesce(tickets.channel_switches, 0) AS channel_switches,
    coalesce(tickets.reopened_tickets, 0) AS reopened_tickets,
    tickets.effort,
    coalesce(parcels.deliveries, 0) AS deliveries,
    parcels.late_deliveries,
    parcels.last_late_delivery_at
FROM everyone
LEFT JOIN tickets ON tickets.customer_no = everyone.customer_no
LEFT JOIN parcels ON parcels.customer_no = everyone.customer_no
