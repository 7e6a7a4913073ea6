-- grain: customer who bought something and kept it
-- reads: profile_buyer, profile_value_cell, profile_waiting
-- writes: profile_value
WITH buyers AS (
    SELECT customer_no, currency, repeats, last_day, age_days, spent, spent_again FROM profile_buyer
),
cells AS (
    SELECT currency, repeats, last_day, age_days, p_alive, soon, year, v, mean, low, high FROM profile_value_cell
),
waiting AS (SELECT new_until, cooling_until, at_risk_until, high_risk_until FROM profile_waiting),
joined AS (
    SELECT
        buyers.customer_no, buyers.repeats, buyers.last_day, buyers.age_days, buyers.spent,
        CAST(CASE WHEN buyers.repeats > 0 THEN cells.p_alive END AS DECIMAL(9, 6)) AS p_alive,
        cells.soon,
        cells.year,
        cells.mean * (cells.v + greatest(CAST(buyers.spent_again AS DOUBLE), 0)) AS clv,
        cells.low * (cells.v + greatest(CAST(buyers.spent_again AS DOUBLE), 0)) AS clv_low,
        cells.high * (cells.v + greatest(CAST(buyers.spent_again AS DOUBLE), 0)) AS clv_high,
        waiting.new_until, waiting.cooling_until, waiting.at_risk_until, waiting.high_risk_until
    FROM buyers
    CROSS JOIN waiting
    LEFT JOIN cells ON cells.currency = buyers.currency
        AND cells.repeats = buyers.repeats
        AND cells.last_day = buyers.last_day
        AND cells.age_days = buyers.age_days
)
SELECT
    customer_no,
    repeats AS frequency,
    CAST(CAST(last_day AS DOUBLE) / 7 AS DECIMAL(9, 2)) AS recency,
    CAST(CAST(age_days AS DOUBLE) / 7 AS DECIMAL(9, 2)) AS T,
    p_alive,
    CAST(soon AS DECIMAL(9, 4)) AS expected_purchases_90d,
    CAST(year AS DECIMAL(9, 4)) AS expected_purchases_12m,
    CAST(CAST(clv AS DECIMAL(28, 2)) AS DECIMAL(28, 4)) AS clv_12m,
    CAST(CAST(clv_low AS DECIMAL(28, 2)) AS DECIMAL(28, 4)) AS clv_12m_low,
    CAST(CAST(clv_high AS DECIMAL(28, 2)) AS DECIMAL(28, 4)) AS clv_12m_high,
    CAST(CAST(CAST(spent AS DOUBLE) * 365 / greatest(age_days, 365) AS DECIMAL(28, 2)) AS DECIMAL(28, 4))
        AS baseline_12m,
    CASE
        WHEN repeats > 0 THEN CASE
            WHEN p_alive > 0.6 THEN 'active'
            WHEN p_alive > 0.5 THEN 'cooling'
            WHEN p_alive > 0.35 THEN 'at_risk'
            WHEN p_alive > 0.2 THEN 'high_risk'
            WHEN p_alive IS NOT NULL THEN 'lost'
        END
        WHEN age_days <= new_until THEN 'new'
        WHEN age_days <= cooling_until THEN 'cooling'
        WHEN age_days <= at_risk_until THEN 'at_risk'
        WHEN age_days <= high_risk_until THEN 'high_risk'
        WHEN high_risk_until IS NOT NULL THEN 'lost'
    END AS lifecycle
FROM joined
