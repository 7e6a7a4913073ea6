-- grain: customer with a ticket
-- reads: profile_support_row, profile_case
-- writes: profile_ticket
WITH support AS (
    SELECT customer_no, source, case_name, channel, ticket FROM profile_support_row WHERE customer_no IS NOT NULL
),
cases AS (SELECT source, case_name, opened_at, reopenings, is_open, seconds FROM profile_case),
own AS (
    SELECT
        customer_no,
        source,
        case_name,
        -- a ticket of which only the end is known was a contact once
        greatest(1, sum(CASE WHEN ticket IN ('contact', 'reopened') THEN 1 ELSE 0 END)) AS contacts,
        greatest(1, count(DISTINCT CASE WHEN ticket IN ('contact', 'reopened') THEN channel END)) - 1 AS switches
    FROM support
    GROUP BY customer_no, source, case_name
)
SELECT
    own.customer_no,
    count(*) AS tickets,
    CAST(sum(cases.is_open) AS BIGINT) AS open_tickets,
    max(cases.opened_at) AS last_ticket_at,
    CAST(CAST(sum(cases.seconds) AS DOUBLE) / CAST(count(cases.seconds) AS DOUBLE) / 3600 AS DECIMAL(12, 2)) AS resolution_hours,
    CAST(sum(own.contacts) AS BIGINT) AS contacts,
    CAST(sum(own.switches) AS BIGINT) AS channel_switches,
    CAST(sum(CASE WHEN cases.reopenings > 0 THEN 1 ELSE 0 END) AS BIGINT) AS reopened_tickets,
    CAST(
        CAST(sum(own.contacts + own.switches + cases.reopenings) AS DOUBLE) / CAST(count(*) AS DOUBLE) AS DECIMAL(9, 2)
    ) AS effort
FROM own
JOIN cases ON cases.source = own.source AND cases.case_name = own.case_name
GROUP BY own.customer_no
