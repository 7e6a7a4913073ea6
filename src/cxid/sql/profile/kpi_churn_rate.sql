-- grain: period
-- reads: kpi_buying_day, kpi_period, kpi_rule
-- writes: kpi_figure
WITH rules AS (SELECT today, churn_days FROM kpi_rule),

days AS (
    SELECT
        days.place,
        days.day,
        days.previous_day,
        days.next_day,
        days.day + CAST(rules.churn_days AS INTEGER) AS leaves,
        days.previous_day IS NULL OR date_diff('day', days.previous_day, days.day) > rules.churn_days AS begins,
        (days.next_day IS NULL OR date_diff('day', days.day, days.next_day) > rules.churn_days)
        AND date_diff('day', days.day, rules.today) >= rules.churn_days AS ends
    FROM kpi_buying_day AS days
    CROSS JOIN rules
),

periods AS (SELECT period, starts, ends FROM kpi_period),

begun AS (
    SELECT periods.period, count(*) AS customers
    FROM days
    INNER JOIN periods ON days.day >= periods.starts AND days.day < periods.ends
    WHERE days.begins
    GROUP BY periods.period
),

ended AS (
    SELECT
        periods.period,
        count(*) AS customers,
        count(CASE WHEN days.next_day IS NULL OR days.next_day >= periods.ends THEN 1 END) AS left_for_good
    FROM days
    INNER JOIN periods ON days.leaves >= periods.starts AND days.leaves < periods.ends
    WHERE days.ends
    GROUP BY periods.period
),

counted AS (
    SELECT
        periods.period,
        coalesce(ended.left_for_good, 0) AS gone,
        sum(coalesce(begun.customers, 0) - coalesce(ended.customers, 0)) OVER (ORDER BY periods.starts)
        - coalesce(begun.customers, 0) + coalesce(ended.customers, 0) AS there
    FROM periods
    LEFT JOIN begun ON periods.period = begun.period
    LEFT JOIN ended ON periods.period = ended.period
),

whole AS (
    SELECT
        count(CASE WHEN days.ends AND days.next_day IS NULL THEN 1 END) AS gone,
        count(CASE WHEN days.place = 1 AND date_diff('day', days.day, rules.today) >= rules.churn_days THEN 1 END) AS there
    FROM days
    CROSS JOIN rules
)

SELECT
    period,
    '' AS segment,
    '' AS currency,
    CAST(gone AS BIGINT) AS numerator,
    CAST(there AS BIGINT) AS denominator,
    CAST(NULL AS BIGINT) AS spread
FROM counted
UNION ALL
SELECT
    'total' AS period,
    '' AS segment,
    '' AS currency,
    gone AS numerator,
    there AS denominator,
    CAST(NULL AS BIGINT) AS spread
FROM whole
