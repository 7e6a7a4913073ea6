-- grain: metric and period, for everybody
-- reads: kpi
-- writes: report_kpis
WITH
metrics AS (SELECT * FROM kpi WHERE segment = '')

SELECT
    metric AS label,
    phase,
    period,
    currency,
    value,
    numerator,
    denominator,
    margin,
    unit,
    target,
    status,
    CASE WHEN is_complete THEN 'yes' ELSE 'no' END AS complete,
    missing
FROM metrics
ORDER BY phase, metric, currency, period
