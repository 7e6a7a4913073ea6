-- grain: date that a form or a system fills in where nobody said one
-- reads: norm_date_count
-- writes: norm_filler_date
WITH dates AS (
    SELECT norm, n, substr(norm, 1, 3) AS decade FROM norm_date_count
),
everything AS (SELECT sum(n) AS dated FROM dates),
decades AS (SELECT decade, sum(n) AS n, count(*) AS dates FROM dates GROUP BY decade),
-- 1 January of many years is how a date is written of which the year alone is known: that one says something.
-- Systems have few fillers of this kind: the fourth most common shows what is usual.
new_years AS (
    SELECT n, row_number() OVER (ORDER BY n DESC, norm) AS place FROM dates WHERE substr(norm, 5) = '0101'
),
usual AS (SELECT coalesce(max(CASE WHEN place = 4 THEN n END), 0) AS n FROM new_years),
-- a filler stands out against the other dates of its decade and among all dates; the dates known from many
-- systems (1 January 1900, 1970, 2000 ...) may do so with fewer records. Copies of a person are far below it.
judged AS (
    SELECT
        dates.norm,
        dates.n,
        everything.dated,
        decades.n - dates.n AS others,
        decades.dates - 1 AS other_dates,
        CASE WHEN substr(dates.norm, 5) = '0101' THEN usual.n ELSE 0 END AS usual_new_year,
        CASE
            WHEN substr(dates.norm, 5) = '0101' AND substr(dates.norm, 3, 2) IN ('00', '01', '70', '80', '90') THEN 1
            WHEN dates.norm IN ('18991230', '18991231', '11111111') THEN 1
            ELSE 0
        END AS is_known
    FROM dates
    CROSS JOIN everything
    CROSS JOIN usual
    JOIN decades ON decades.decade = dates.decade
)
SELECT norm
FROM judged
WHERE
    length(norm) = 8
    AND n >= CASE WHEN is_known = 1 THEN 20 ELSE 100 END
    AND n * 1000 >= dated * CASE WHEN is_known = 1 THEN 2 ELSE 5 END
    AND n * other_dates >= 20 * others
    AND n >= 5 * usual_new_year
