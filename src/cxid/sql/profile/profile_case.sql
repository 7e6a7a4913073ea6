-- grain: ticket
-- reads: profile_support_row
-- writes: profile_case
WITH rows_of_cases AS (SELECT source, case_name, time, ticket, ended_at, tells_end FROM profile_support_row),
telling AS (SELECT source, max(tells_end) AS tells_end FROM rows_of_cases GROUP BY source),
-- all rows of a ticket count, also those that name nobody
cases AS (
    SELECT
        source,
        case_name,
        count(*) AS said,
        min(time) AS opened_at,
        max(ended_at) AS ended_at,
        max(CASE WHEN ticket = 'resolved' THEN time END) AS resolved_at,
        max(CASE WHEN ticket = 'reopened' THEN time END) AS reopened_at,
        sum(CASE WHEN ticket = 'reopened' THEN 1 ELSE 0 END) AS reopenings
    FROM rows_of_cases
    GROUP BY source, case_name
),
closed AS (
    SELECT
        source, case_name, said, opened_at, reopened_at, reopenings, ended_at,
        CASE
            WHEN resolved_at IS NULL OR ended_at > resolved_at THEN ended_at
            ELSE resolved_at
        END AS closed_at
    FROM cases
),
states AS (
    SELECT
        source, case_name, said, opened_at, reopenings, ended_at, closed_at,
        CASE WHEN closed_at IS NULL OR reopened_at > closed_at THEN 1 ELSE 0 END AS is_open
    FROM closed
)
SELECT
    states.source,
    states.case_name,
    states.opened_at,
    states.reopenings,
    CASE WHEN telling.tells_end = 1 THEN states.is_open END AS is_open,
    -- one row that says closed and not when: how long it took is not known
    CASE
        WHEN states.is_open = 0 AND states.closed_at >= states.opened_at AND (states.said > 1 OR states.ended_at IS NOT NULL)
            THEN date_diff('second', states.opened_at, states.closed_at)
    END AS seconds
FROM states
JOIN telling ON telling.source = states.source
