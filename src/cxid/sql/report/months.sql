-- grain: month of events, UTC, the last thirty-six
-- reads: touchpoint
-- writes: report_months
WITH
dated AS (
    SELECT
        CAST(extract(year FROM time) AS INTEGER) * 12 + CAST(extract(month FROM time) AS INTEGER) - 1 AS month_no
    FROM touchpoint
    WHERE time IS NOT NULL
),

months AS (
    SELECT month_no, count(*) AS events FROM dated GROUP BY month_no
),

placed AS (SELECT month_no, events, row_number() OVER (ORDER BY month_no DESC) AS place FROM months)

SELECT
    CAST(CAST(floor(month_no / 12) AS INTEGER) AS VARCHAR) || '-'
    || lpad(CAST(month_no - CAST(floor(month_no / 12) AS INTEGER) * 12 + 1 AS VARCHAR), 2, '0') AS label,
    events
FROM placed
WHERE place <= 36
ORDER BY month_no
