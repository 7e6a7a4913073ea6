-- grain: phase x metric x period x segment x currency
-- reads: kpi_figure, kpi_metric, kpi_period
-- writes: kpi
WITH metrics AS (
    SELECT phase, metric, unit, fed_by, is_count, is_floor, target FROM kpi_metric
),

periods AS (
    SELECT period, is_complete FROM kpi_period
),

told AS (
    SELECT metric, period, segment, currency, numerator, denominator, spread
    FROM kpi_figure
    WHERE denominator IS NULL OR denominator > 0
),

fed AS (
    SELECT metric, max(numerator) AS most FROM told GROUP BY metric
),

-- a count that some period has is 0 in a period without; a share over nobody is told of no period
figures AS (
    SELECT told.metric, told.period, told.segment, told.currency, told.numerator, told.denominator, told.spread
    FROM told
    LEFT JOIN periods ON told.period = periods.period
    WHERE told.period = 'total' OR periods.period IS NOT NULL
    UNION ALL
    SELECT
        metrics.metric,
        periods.period,
        '' AS segment,
        '' AS currency,
        0 AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS BIGINT) AS spread
    FROM metrics
    INNER JOIN fed ON metrics.metric = fed.metric AND fed.most > 0
    CROSS JOIN periods
    LEFT JOIN told ON metrics.metric = told.metric AND periods.period = told.period
    WHERE metrics.is_count AND told.metric IS NULL
    UNION ALL
    SELECT
        metrics.metric,
        'total' AS period,
        '' AS segment,
        '' AS currency,
        CAST(NULL AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS BIGINT) AS spread
    FROM metrics
    LEFT JOIN fed ON metrics.metric = fed.metric
    WHERE fed.metric IS NULL
),

valued AS (
    SELECT
        metrics.phase,
        metrics.metric,
        figures.period,
        figures.segment,
        figures.currency,
        CAST(
            CASE
                WHEN metrics.is_count THEN CAST(figures.numerator AS DOUBLE)
                ELSE CAST(figures.numerator AS DOUBLE) / CAST(figures.denominator AS DOUBLE)
            END AS DECIMAL(18, 6)
        ) AS value,
        CAST(figures.numerator AS DECIMAL(18, 4)) AS numerator,
        CAST(figures.denominator AS DECIMAL(18, 4)) AS denominator,
        -- 100 x 1.96 x sqrt((p + d - (p - d)^2) / n)
        CAST(
            CASE WHEN figures.spread IS NOT NULL THEN 196 * sqrt(
                greatest(
                    CAST(figures.spread AS DOUBLE) / CAST(figures.denominator AS DOUBLE)
                    - power(CAST(figures.numerator AS DOUBLE) / 100 / CAST(figures.denominator AS DOUBLE), 2),
                    0
                ) / CAST(figures.denominator AS DOUBLE)
            ) END AS DECIMAL(18, 4)
        ) AS margin,
        metrics.unit,
        metrics.target,
        metrics.is_floor,
        coalesce(periods.is_complete, TRUE) AS is_complete,
        metrics.fed_by
    FROM figures
    INNER JOIN metrics ON figures.metric = metrics.metric
    LEFT JOIN periods ON figures.period = periods.period
)

SELECT
    phase,
    metric,
    period,
    segment,
    currency,
    value,
    numerator,
    denominator,
    margin,
    unit,
    target,
    CASE
        WHEN value IS NULL THEN 'unknown'
        WHEN target IS NULL THEN 'no_target'
        WHEN CASE WHEN is_floor THEN value >= target ELSE value <= target END THEN 'met'
        ELSE 'missed'
    END AS status,
    is_complete,
    CASE WHEN value IS NULL THEN fed_by END AS missing
FROM valued
